package org.segloss.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// What an image file holds, in the type that the file has.
///
/// @param values `(z, y, x)` or `(channel, z, y, x)`; where the file scales its numbers, scaled
public record Scan(Geometry geometry, int channels, NumericArray values) {

    /// {@return the numbers as an image}
    public Volume volume() {
        return new Volume(geometry, channels, values.toFloats());
    }

    /// {@return the voxel at a position in `values`, for people}
    public String voxel(long index) {
        long plane = index % geometry.voxels();
        long x = plane % geometry.x();
        long y = plane / geometry.x() % geometry.y();
        long z = plane / geometry.x() / geometry.y();
        return "(%d, %d, %d)".formatted(x, y, z);
    }

    /// {@return why the numbers are no [Labels], nothing if they are}
    public List<Finding> labelFindings() {
        return labelFindings(Labels.LARGEST);
    }

    /// {@return why the numbers are no [LabelMap], nothing if they are}: whole numbers of any sign, or colours
    public List<Finding> numberFindings() {
        return isColoured() ? List.of() : labelFindings(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /// {@return whether each voxel has a colour of three bytes, perhaps with how opaque it is}
    private boolean isColoured() {
        return (channels == 3 || channels == 4) && values.type() == ElementType.UINT8;
    }

    /// {@return why the numbers are no labels up to a largest one, nothing if they are}
    List<Finding> labelFindings(int largest) {
        return labelFindings(0, largest);
    }

    private List<Finding> labelFindings(int least, int largest) {
        var findings = new ArrayList<Finding>();
        if (channels != 1) {
            findings.add(Finding.error(
                    "it has %d channels".formatted(channels),
                    "A segmentation has one channel that holds a label for each voxel."));
            return findings;
        }
        if (values.type() == ElementType.UINT8 || values.type() == ElementType.BOOL) {
            return findings;
        }
        long bad = 0;
        long first = -1;
        for (long i = 0; i < values.size(); i++) {
            double value = values.get(i);
            if (!(value >= least && value <= largest && value == Math.rint(value))) {
                first = bad == 0 ? i : first;
                bad++;
            }
        }
        if (bad > 0) {
            findings.add(Finding.error(
                    "%d of %d voxels hold no label, the first is %s at voxel (x, y, z) = %s"
                            .formatted(bad, values.size(), Text.number(values.get(first)), voxel(first)),
                    "Labels are whole numbers%s.".formatted(least == 0 ? " from 0 to " + largest : "")));
        }
        return findings;
    }

    /// {@return the numbers as labels, to be called where there are no `labelFindings`}
    public Labels labels() {
        return new Labels(geometry, values.toBytes());
    }

    private int[] colours() {
        byte[] all = values.toBytes();
        int[] colours = new int[Math.toIntExact(geometry.voxels())];
        for (int i = 0; i < colours.length; i++) {
            int red = all[i] & 0xFF;
            int green = all[colours.length + i] & 0xFF;
            int blue = all[2 * colours.length + i] & 0xFF;
            colours[i] = LabelMap.colour(red << 16 | green << 8 | blue);
        }
        return colours;
    }

    /// {@return the numbers as labels of any size, to be called where there are no [#numberFindings]}; in a mask of 0
    /// and 255, 255 becomes 1, as [#maskLabels(Collection)]
    public LabelMap labelMap(Collection<Integer> ignored) {
        if (isColoured()) {
            return new LabelMap(geometry, colours());
        }
        return labelFindings().isEmpty() ? LabelMap.of(maskLabels(ignored)) : new LabelMap(geometry, values.toInts());
    }

    /// {@return the labels of a file of which no more is known, or of which one label is expected}: where 255 is the
    /// only one beside 0 it is a mask, and 255 becomes 1
    public Labels maskLabels() {
        return maskLabels(Set.of());
    }

    /// As [#maskLabels()]; labels that are ignored may be there besides 0 and 255, and 255 is no mask's if it
    /// is ignored.
    public Labels maskLabels(Collection<Integer> ignored) {
        boolean[] ofMasks = new boolean[Labels.LARGEST + 1];
        ofMasks[0] = true;
        ofMasks[Labels.LARGEST] = true;
        ignored.stream().filter(label -> label >= 0 && label < ofMasks.length).forEach(label -> ofMasks[label] = true);
        byte[] labels = values.toBytes();
        boolean mask = !ignored.contains(Labels.LARGEST);
        for (int i = 0; i < labels.length && mask; i++) {
            mask = ofMasks[labels[i] & 0xFF];
        }
        if (mask) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = labels[i] == (byte) Labels.LARGEST ? 1 : labels[i];
            }
        }
        return new Labels(geometry, labels);
    }
}
