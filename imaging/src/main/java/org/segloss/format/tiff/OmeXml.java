package org.segloss.format.tiff;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// What OME-XML says of the pages of a file: the first image in it.
///
/// @see <a href="https://docs.openmicroscopy.org/ome-model/6.3.1/ome-tiff/specification.html">OME-TIFF</a>
final class OmeXml {
    private final long most;
    private int images;
    private String order = "XYZCT";
    /// Along z, c and t; colours of one pixel are one channel.
    private final int[] sizes = {1, 1, 1};
    private final double[] spacing = {Double.NaN, Double.NaN, Double.NaN};
    private int samples = 1;
    private int[] pages = {};
    private int next;
    private long named;
    private final Set<String> files = new HashSet<>();

    private OmeXml(long most) {
        this.most = most;
    }

    static boolean isOme(String description) {
        String start = description.stripLeading();
        return start.startsWith("<") && start.contains("<OME");
    }

    /// @param most how many planes the file has room for
    /// @throws IOException if it is damaged, or its pages lie in several files
    static Pages pages(String description, long most) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // nothing of what it names elsewhere is read, and no text is put in many times
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        OmeXml ome = new OmeXml(most);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(description.strip()));
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    ome.element(xml);
                }
            }
        } catch (XMLStreamException | RuntimeException e) {
            throw new IOException("the OME-XML in it is damaged", e);
        }
        return ome.pages();
    }

    private void element(XMLStreamReader xml) throws IOException, XMLStreamException {
        String name = xml.getLocalName();
        if (name.equals("Image")) {
            images++;
        }
        if (images != 1) {
            return;
        }
        switch (name) {
            case "Pixels" -> pixels(xml);
            case "Channel" -> samples = Math.max(samples, number(xml, "SamplesPerPixel", 1));
            case "TiffData" -> data(xml);
            case "UUID" -> {
                String file = xml.getAttributeValue(null, "FileName");
                if (file != null) {
                    files.add(file);
                }
            }
            default -> {}
        }
    }

    private void pixels(XMLStreamReader xml) throws IOException {
        order = text(xml, "DimensionOrder", order);
        for (int axis = 0; axis < 3; axis++) {
            sizes[axis] = number(xml, "Size" + "ZCT".charAt(axis), 1);
            String length = "PhysicalSize" + "XYZ".charAt(axis);
            spacing[axis] = Lengths.millimetres(
                    Double.parseDouble(text(xml, length, "NaN")), text(xml, length + "Unit", "\u00B5m"));
        }
        if (!order.matches("XY(ZCT|ZTC|CZT|CTZ|TZC|TCZ)") || sizes[0] < 1 || sizes[1] < 1 || sizes[2] < 1) {
            throw new IOException("the OME-XML in it is damaged: %s of %d slices, %d channels and %d times"
                    .formatted(order.matches("\\w{1,9}") ? order : "axes", sizes[0], sizes[1], sizes[2]));
        }
    }

    /// Where there is no room for all planes, none is kept.
    private void start() {
        if (pages.length == 0) {
            sizes[1] = Math.max(1, sizes[1] / samples);
            double planes = (double) sizes[0] * sizes[1] * sizes[2];
            pages = new int[planes <= most ? (int) planes : 0];
            Arrays.fill(pages, -1);
        }
    }

    private void data(XMLStreamReader xml) {
        start();
        int first = index(number(xml, "FirstZ", 0), number(xml, "FirstC", 0), number(xml, "FirstT", 0));
        boolean hasPage = xml.getAttributeValue(null, "IFD") != null;
        int page = number(xml, "IFD", next);
        int count = number(xml, "PlaneCount", hasPage ? 1 : pages.length - first);
        for (int i = 0; i < count && first + i < pages.length && named <= pages.length; i++) {
            pages[first + i] = page + i;
            named++;
        }
        next = page + count;
    }

    /// {@return the number of a plane among all in the order of the axes}
    private int index(int z, int c, int t) {
        int[] at = {z, c, t};
        int index = 0;
        for (int i = 4; i >= 2; i--) {
            int axis = "ZCT".indexOf(order.charAt(i));
            index = index * sizes[axis] + Math.clamp(at[axis], 0, sizes[axis] - 1);
        }
        return index;
    }

    private Pages pages() throws IOException {
        if (images == 0) {
            throw new IOException("the OME-XML in it names no image");
        }
        if (files.size() > 1) {
            throw new IOException(
                    "its OME-XML says that its slices lie in %d files; store them in one, for example: bfconvert in.ome.tif out.ome.tif"
                            .formatted(files.size()));
        }
        if (sizes[2] > 1 && sizes[0] > 1) {
            throw new IOException(
                    "it has %d times of %d slices, but an image is of one time; save each time as a file of its own"
                            .formatted(sizes[2], sizes[0]));
        }
        start();
        if (pages.length == 0 || named > pages.length) {
            throw new IOException("the OME-XML in it names other pages than it has: %d slices, %d channels and %d times"
                    .formatted(sizes[0], sizes[1], sizes[2]));
        }
        if (named == 0) {
            Arrays.setAll(pages, i -> i);
        }
        boolean times = sizes[2] > 1;
        int[][] planes = new int[sizes[1]][times ? sizes[2] : sizes[0]];
        for (int channel = 0; channel < planes.length; channel++) {
            for (int slice = 0; slice < planes[channel].length; slice++) {
                planes[channel][slice] = pages[times ? index(0, channel, slice) : index(slice, channel, 0)];
            }
        }
        return new Pages(planes, spacing, times);
    }

    private static String text(XMLStreamReader xml, String name, String absent) {
        String text = xml.getAttributeValue(null, name);
        return text == null ? absent : text;
    }

    private static int number(XMLStreamReader xml, String name, int absent) {
        String text = xml.getAttributeValue(null, name);
        return text == null ? absent : Integer.parseInt(text.strip());
    }
}
