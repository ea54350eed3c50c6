package org.segloss.format.tiff;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a file says of its pages: by OME-XML, as ImageJ or as tifffile does, or nothing.
final class Description {
    private static final int RESOLUTION_X = 282;
    private static final int RESOLUTION_Y = 283;
    private static final int RESOLUTION_UNIT = 296;

    private Description() {}

    /// @param count of the file's pages
    /// @param most  how many slices of all channels the file has room for
    static Pages pages(String text, TiffDirectory first, int count, long most) throws IOException {
        if (OmeXml.isOme(text)) {
            return OmeXml.pages(text, most);
        }
        int unit = (int) first.number(RESOLUTION_UNIT, 2);
        double[] spacing = {
            Lengths.ofResolution(first.fraction(RESOLUTION_X), unit),
            Lengths.ofResolution(first.fraction(RESOLUTION_Y), unit),
            Double.NaN
        };
        if (text.startsWith("ImageJ=")) {
            return imageJ(text, first, count, most, spacing);
        }
        if (text.startsWith("{") && text.contains("\"shape\"")) {
            return tifffile(text, count, spacing);
        }
        return Pages.ordered(1, count, false, spacing, false);
    }

    private static Pages imageJ(String text, TiffDirectory first, int count, long most, double[] resolution)
            throws IOException {
        Map<String, String> fields = new HashMap<>();
        text.lines()
                .filter(line -> line.contains("="))
                .forEach(line -> fields.put(
                        line.substring(0, line.indexOf('=')).strip(),
                        line.substring(line.indexOf('=') + 1).strip()));
        int channels = number(fields, "channels");
        int slices = number(fields, "slices");
        int frames = number(fields, "frames");
        if (slices > 1 && frames > 1) {
            throw new IOException(
                    "it has %d times of %d slices, but an image is of one time; save each time as a file of its own"
                            .formatted(frames, slices));
        }
        int all = Math.max(number(fields, "images"), count);
        int along = Math.max(slices, frames);
        if (!fields.containsKey("slices") && !fields.containsKey("frames") && channels <= all) {
            along = all / channels;
        }
        if ((long) channels * along > most) {
            throw new IOException("ImageJ's description says %d channels of %d slices, but it has %d pages"
                    .formatted(channels, along, count));
        }
        double[] spacing = resolution.clone();
        String unit = fields.getOrDefault("unit", "");
        if (!Double.isNaN(Lengths.millimetres(1, unit))) {
            spacing[0] = Lengths.millimetres(1 / first.fraction(RESOLUTION_X), unit);
            spacing[1] = Lengths.millimetres(1 / first.fraction(RESOLUTION_Y), fields.getOrDefault("yunit", unit));
            spacing[2] = Lengths.millimetres(decimal(fields.get("spacing")), fields.getOrDefault("zunit", unit));
        }
        return Pages.ordered(channels, along, true, spacing, frames > 1);
    }

    private static int number(Map<String, String> fields, String name) throws IOException {
        double number = decimal(fields.getOrDefault(name, "1"));
        if (!(number >= 1 && number < 1 << 24)) {
            throw new IOException("ImageJ's description in it is damaged: the number of %s".formatted(name));
        }
        return (int) number;
    }

    private static double decimal(String text) {
        try {
            return text == null ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    /// Axes that are named, or one at most that isn't the page's own.
    private static Pages tifffile(String text, int count, double[] spacing) throws IOException {
        JsonNode json;
        try {
            json = new JsonMapper().readTree(text);
        } catch (JacksonException _) {
            return Pages.ordered(1, count, false, spacing, false);
        }
        String axes = json.path("axes").asString("");
        JsonNode shape = json.path("shape");
        int channels = 1;
        int slices = 1;
        boolean channelsFastest = false;
        long product = 1;
        for (int i = 0; i < shape.size() && product < count; i++) {
            int length = shape.path(i).asInt(0);
            if (length > 1) {
                product *= length;
                boolean isChannel = i < axes.length() && axes.charAt(i) == 'C';
                if (channels * slices > 1 && (isChannel ? channels : slices) > 1
                        || channels * slices > 1 && axes.isEmpty()) {
                    throw new IOException(
                            "its pages are %d x %d, and nothing says which are channels; write them with axes, for example: tifffile.imwrite('a.ome.tif', array, metadata={'axes': 'CZYX'})"
                                    .formatted(channels * slices, length));
                }
                channelsFastest = isChannel;
                channels = isChannel ? length : channels;
                slices = isChannel ? slices : length;
            }
        }
        return (long) channels * slices == count
                ? Pages.ordered(channels, slices, channelsFastest, spacing, false)
                : Pages.ordered(1, count, false, spacing, false);
    }
}
