package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.segloss.format.Finding;
import org.segloss.format.Text;

/// Which of a header's axes lie in space, and which one counts channels, wherever it stands.
///
/// An axis with a direction lies in space and one with `none` does not; without directions `kinds` say so, and
/// without those the first three do.
final class NrrdAxes {
    private static final Set<String> IN_SPACE = Set.of("domain", "space", "time", "???", "none");

    private final List<Finding> findings;
    private final double[] sizes;
    private final List<Integer> space = new ArrayList<>();
    private final List<double[]> directions = new ArrayList<>();
    private OptionalInt channelAxis = OptionalInt.empty();

    NrrdAxes(NrrdText text, List<Finding> findings) {
        this.findings = findings;
        sizes = text.numbers("sizes");
        double dimension = text.has("dimension") ? NrrdText.number(text.field("dimension")) : Double.NaN;
        if (!(dimension >= 1 && dimension <= 16) || sizes.length != dimension) {
            findings.add(error(
                    "the header claims %s axes (dimension) of the lengths %s (sizes)"
                            .formatted(text.quoted("dimension"), text.quoted("sizes")),
                    "An image has 2 or 3 axes in space, perhaps one more for channels, and a length for each."));
        } else if (!DoubleStream.of(sizes).allMatch(size -> size >= 1 && size == Math.rint(size))
                || !DoubleStream.of(sizes).allMatch(size -> size <= Integer.MAX_VALUE)) {
            findings.add(error(
                    "the header claims a shape of " + text.quoted("sizes"),
                    "Every axis has 1 to 2147483647 voxels. " + NrrdText.BROKEN));
        } else {
            directions(text);
            choose(text);
        }
    }

    private void directions(NrrdText text) {
        for (String part : text.parts("space directions")) {
            double[] direction = vector(part);
            // programs of old write a vector of NaN where there is none
            boolean none =
                    part.equalsIgnoreCase("none") || DoubleStream.of(direction).allMatch(Double::isNaN);
            directions.add(none ? new double[0] : direction);
        }
    }

    /// {@return the numbers of a vector in brackets}
    static double[] vector(String text) {
        return text.startsWith("(") && text.endsWith(")")
                ? List.of(text.substring(1, text.length() - 1).split(",")).stream()
                        .mapToDouble(part -> NrrdText.number(part.strip()))
                        .toArray()
                : new double[] {Double.NaN};
    }

    private void choose(NrrdText text) {
        List<String> kinds = text.parts("kinds");
        if ((!directions.isEmpty() && directions.size() != sizes.length)
                || (!kinds.isEmpty() && kinds.size() != sizes.length)) {
            findings.add(error(
                    "an image of %d axes has %d directions (space directions) and %d kinds"
                            .formatted(sizes.length, directions.size(), kinds.size()),
                    "There should be one for each axis: correct the header."));
            return;
        }
        var others = new ArrayList<Integer>();
        for (int axis = 0; axis < sizes.length; axis++) {
            boolean inSpace = !directions.isEmpty()
                    ? directions.get(axis).length > 0
                    : kinds.isEmpty() || IN_SPACE.contains(kinds.get(axis).toLowerCase(Locale.ROOT));
            (inSpace ? space : others).add(axis);
        }
        if (space.size() == 4 && directions.isEmpty()) {
            others.add(space.removeLast());
        }
        List<Integer> counted = others.stream().filter(axis -> sizes[axis] > 1).toList();
        if (space.size() < 2 || space.size() > 3 || counted.size() > 1) {
            findings.add(
                    error(
                            "of its axes of the lengths %s %d lie in space (space directions, kinds), and %d of the others are longer than 1"
                                    .formatted(shapeText(), space.size(), counted.size()),
                            "An image has 2 or 3 axes in space, and perhaps one more, which is taken as channels. Split the file."));
            return;
        }
        if (!counted.isEmpty()) {
            channelAxis = OptionalInt.of(counted.getFirst());
            checkKind(kinds);
        }
    }

    private void checkKind(List<String> kinds) {
        String kind = kinds.isEmpty() ? "" : kinds.get(channelAxis.getAsInt());
        if (kind.equalsIgnoreCase("complex")) {
            findings.add(error(
                    "its numbers are complex (kinds)",
                    "Complex numbers are no intensities: save their magnitude, or real and imaginary parts as two"
                            + " channels of the kind 'vector'."));
        }
    }

    private String shapeText() {
        return DoubleStream.of(sizes).mapToObj(Text::number).collect(Collectors.joining(" x "));
    }

    /// {@return the axes in space, the one that is fastest in the file first}
    List<Integer> space() {
        return Collections.unmodifiableList(space);
    }

    /// {@return the words of a field of axes that belong to those in space}
    List<String> inSpace(List<String> words) {
        return words.size() == sizes.length ? space.stream().map(words::get).toList() : words;
    }

    /// {@return the direction of an axis in space times its width; nothing where the header has none}
    double[] direction(int axis) {
        return directions.isEmpty() ? new double[0] : directions.get(axis);
    }

    boolean hasDirections() {
        return !directions.isEmpty();
    }

    /// {@return how many voxels lie along x, y and z}
    int[] shape() {
        int[] shape = {1, 1, 1};
        for (int i = 0; i < space.size(); i++) {
            shape[i] = (int) sizes[space.get(i)];
        }
        return shape;
    }

    int channels() {
        return channelAxis.isPresent() ? (int) sizes[channelAxis.getAsInt()] : 1;
    }

    /// {@return how many numbers follow one another in the file before that of the next channel}; a double, since a
    /// damaged header may claim any number
    double numbersBetweenChannels() {
        double numbers = 1;
        for (int axis = 0; channelAxis.isPresent() && axis < channelAxis.getAsInt(); axis++) {
            numbers *= sizes[axis];
        }
        return numbers;
    }

    /// {@return how many numbers the file has; a double, since a damaged header may claim any number}
    double numbers() {
        return numbers(sizes.length);
    }

    /// {@return how many numbers lie along the first so many axes}
    double numbers(int axes) {
        return DoubleStream.of(sizes).limit(axes).reduce(1, (a, b) -> a * b);
    }
}
