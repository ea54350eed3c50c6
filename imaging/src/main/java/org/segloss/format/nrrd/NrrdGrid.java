package org.segloss.format.nrrd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.format.Text;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// What a header that is written says of a grid.
///
/// @param sizes  of the axes in space
/// @param before the fields on the space as a whole, which have to stand before those on axes
/// @param axes   the fields on axes, with a word for each axis in space
/// @param after  other fields on the space as a whole
record NrrdGrid(
        List<Integer> sizes, Map<String, String> before, Map<String, List<String>> axes, Map<String, String> after) {
    /// Fields on axes, and the word for one that doesn't lie in space.
    private static final Map<String, String> NONE =
            new LinkedHashMap<>(Map.of("space directions", "none", "spacings", "nan", "centerings", "???"));

    /// {@return what an image's header says of a grid, word for word}; nothing if it is of another grid
    static Optional<NrrdGrid> like(NrrdHeader header, Geometry grid) {
        if (!header.readable() || !header.geometry().equals(grid)) {
            return Optional.empty();
        }
        NrrdText text = header.text();
        var axes = new LinkedHashMap<String, List<String>>();
        NONE.keySet().stream()
                .filter(text::has)
                .sorted()
                .forEach(field -> axes.put(field, header.axes().inSpace(text.parts(field))));
        int[] shape = header.axes().shape();
        return Optional.of(new NrrdGrid(
                IntStream.of(shape).limit(header.axes().space().size()).boxed().toList(),
                fields(text, "space", "space dimension"),
                axes,
                fields(text, "space origin", "space units")));
    }

    private static Map<String, String> fields(NrrdText text, String... names) {
        var fields = new LinkedHashMap<String, String>();
        Stream.of(names).filter(text::has).forEach(name -> fields.put(name, text.field(name)));
        return fields;
    }

    static NrrdGrid of(Geometry grid) {
        double[] affine = grid.affine();
        var directions = new ArrayList<String>();
        for (int column = 0; column < 3; column++) {
            directions.add(lps(affine, column));
        }
        return new NrrdGrid(
                List.of(grid.x(), grid.y(), grid.z()),
                Map.of("space", "left-posterior-superior"),
                Map.of("space directions", directions),
                Map.of("space origin", lps(affine, 3)));
    }

    private static String lps(double[] affine, int column) {
        // 0 stays 0 and does not become -0
        return DoubleStream.of(0 - affine[column], 0 - affine[4 + column], affine[8 + column])
                .mapToObj(Text::number)
                .collect(Collectors.joining(",", "(", ")"));
    }

    /// {@return the header of a file with these numbers, packed by gzip}
    ///
    /// @param channels which stand side by side in each voxel if there are several
    /// @param beside   the name of the file of the voxels, if they don't follow the header
    String header(int channels, ElementType type, Optional<String> beside) {
        boolean many = channels > 1;
        var lines = new ArrayList<>(
                List.of("NRRD0004", "type: " + NrrdType.nameOf(type), "dimension: " + (sizes.size() + (many ? 1 : 0))));
        before.forEach((field, value) -> lines.add(field + ": " + value));
        lines.add("sizes: " + words(many ? Integer.toString(channels) : "", sizes));
        axes.forEach((field, words) -> lines.add(field + ": " + words(many ? NONE.get(field) : "", words)));
        lines.add("kinds: "
                + words(many ? "vector" : "", sizes.stream().map(_ -> "domain").toList()));
        lines.add("endian: little");
        lines.add("encoding: gzip");
        after.forEach((field, value) -> lines.add(field + ": " + value));
        beside.ifPresent(name -> lines.add("data file: " + name));
        return String.join("\n", lines) + "\n\n";
    }

    private static String words(String first, List<?> rest) {
        return Stream.concat(
                        Stream.of(first).filter(word -> !word.isEmpty()),
                        rest.stream().map(String::valueOf))
                .collect(Collectors.joining(" "));
    }
}
