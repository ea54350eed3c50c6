package org.segloss.format.nrrd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.format.Finding;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import tools.jackson.databind.JsonNode;

class NrrdTest {
    @TempDir
    Path folder;

    private static final JsonNode EXPECTED = Resources.json("nrrd/nrrd.json");

    private static final List<String> GRID = List.of(
            "type: uchar",
            "dimension: 3",
            "sizes: 4 3 2",
            "space: LPS",
            "space directions: (1,0,0) (0,2,0) (0,0,3)",
            "space origin: (4,5,6)",
            "encoding: raw");

    static Stream<String> files() {
        return EXPECTED.propertyNames().stream();
    }

    private static Path file(String name) {
        return Resources.file("nrrd/" + name);
    }

    @ParameterizedTest
    @MethodSource("files")
    void placesAndNumbersAreThoseOfSimpleItkAndPynrrd(String name) {
        JsonNode expected = EXPECTED.get(name);
        ReadResult result = Images.inspect(file(name));
        assertThat(result.findings()).isEmpty();
        Scan scan = result.scan().orElseThrow();
        assertThat(scan.channels()).isEqualTo(expected.get("channels").asInt());
        Geometry grid = scan.geometry();
        double[] size = Resources.numbers(expected.get("size"));
        assertThat(new double[] {grid.x(), grid.y(), grid.z()})
                .isEqualTo(size.length == 3 ? size : new double[] {size[0], size[1], 1});
        // directions times widths, each rounded once
        assertThat(grid.affine()).containsExactly(Resources.numbers(expected.get("affine")), within(1e-12));
        assertThat(scan.values().toDoubles()).isEqualTo(Resources.numbers(expected.get("values")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theHeaderAloneSaysWhatIsThere(String name) throws IOException {
        Scan scan = Images.inspect(file(name)).orThrow();
        assertThat(Images.info(file(name)).geometry()).isEqualTo(scan.geometry());
        assertThat(Images.info(file(name)).channels()).isEqualTo(scan.channels());
    }

    private Path write(List<String> lines, int voxels) throws IOException {
        return write(lines, new byte[voxels]);
    }

    private Path write(List<String> lines, byte[] voxels) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(("NRRD0004\n" + String.join("\n", lines) + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.write(voxels);
        return Files.write(folder.resolve("a.nrrd"), out.toByteArray());
    }

    /// {@return the lines with one in the place of that of its field, or behind the others}
    private static List<String> with(String... others) {
        var lines = new ArrayList<>(GRID);
        for (String other : others) {
            String field = other.substring(0, other.indexOf(':') + 1);
            lines.removeIf(line -> line.startsWith(field));
            if (other.length() > field.length()) {
                lines.add(other);
            }
        }
        return lines;
    }

    private static Arguments error(String words, String... lines) {
        return Arguments.of(words, with(lines));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                error("claims nothing axes (dimension)", "dimension:"),
                error("claims 4 axes (dimension) of the lengths 4 3 2 (sizes)", "dimension: 4"),
                error("a shape of 4 0 2", "sizes: 4 0 2"),
                error("a shape of 4 1e99 2", "sizes: 4 1e99 2"),
                error("but the file can hold no more than 24", "sizes: 2147483647 2147483647 2147483647"),
                error("the data type is block", "type: block"),
                error("the order of bytes is nothing (endian)", "type: short"),
                error("written as text (encoding: ascii)", "encoding: ascii"),
                error("packed as bzip2 (encoding)", "encoding: bzip2"),
                error("packed as nothing (encoding)", "encoding:"),
                error("behind -1 (byte skip)", "byte skip: -1", "encoding: gzip"),
                error("behind -1 (line skip)", "line skip: -1"),
                error("behind x (byte skip)", "byte skip: x"),
                error("2 directions (space directions) and 0 kinds", "space directions: (1,0,0) (0,2,0)"),
                error(
                        "2 of the others are longer than 1",
                        "kinds: domain domain list list",
                        "space directions:",
                        "dimension: 4",
                        "sizes: 3 2 2 2"),
                error("1 lie in space", "space directions: (1,0,0) none none"),
                error("its numbers are complex", "kinds: complex domain domain", "space directions:"),
                error("in a space of 3 dimensions", "space origin: (4,5)"),
                error("in a space of 4 dimensions", "space: left-posterior-superior-time"),
                error("in a space of 3 dimensions", "space directions: (1,0) (0,2) (0,3)"),
                error("0 mm wide along y", "space directions: (1,0,0) (0,0,0) (0,0,3)"),
                error("NaN mm wide along x", "space directions: (1,x,0) (0,2,0) (0,0,3)"),
                error("is singular", "space directions: (1,0,0) (0,2,0) (1,2,0)"),
                error("in the file '../a.raw'", "data file: ../a.raw"),
                error("in the file '/etc/passwd'", "data file: /etc/passwd"),
                error("should be in the file b.raw, which is not there", "data file: b.raw"),
                error("in the files LIST (data file)", "data file: LIST"),
                error("in the files b%d.raw 1 9 -1 (data file)", "data file: b%d.raw 1 9 -1"),
                error("in the files b%d.raw 0 999999999 1", "data file: b%d.raw 0 999999999 1"),
                error("24 bytes of voxels are to lie in 5 files", "data file: b%d.raw 1 5 1"),
                error("in the files b%0d.raw 1 2 1", "data file: b%0d.raw 1 2 1"),
                error("in the files %s%d", "data file: %s%d 1 2 1"),
                error("a line of the header is no 'field: value': abc", "abc"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aWrongHeaderIsNamed(String words, List<String> lines) throws IOException {
        Path file = write(lines, 24);
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageStartingWith(file + ": ")
                .withMessageContaining(words);
        assertThatIOException().isThrownBy(() -> Images.info(file)).withMessageContaining(words);
    }

    @Test
    void otherVersionsAndFilesAreNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a.nrrd"), "NRRD0009\ntype: uchar\n\n");
        assertThatIOException().isThrownBy(() -> Images.read(file)).withMessageContaining("version 9 of NRRD");
        Files.writeString(file, "hello");
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageContaining("no NRRD: it begins with hello");
        Files.writeString(file, "NRRD0004\ncontent: " + "x".repeat(2 << 20));
        assertThatIOException().isThrownBy(() -> Images.read(file)).withMessageContaining("no end in its first MiB");
    }

    private static Arguments warning(String words, String... lines) {
        return Arguments.of(words, with(lines));
    }

    static Stream<Arguments> odd() {
        return Stream.of(
                warning("the space is scanner-xyz", "space: scanner-xyz"),
                warning("lengths are in cm", "space units: \"cm\" \"cm\" \"cm\""),
                warning(
                        "lengths are in m",
                        "units: \"m\" \"mm\" \"mm\"",
                        "space:",
                        "space directions:",
                        "space origin:"),
                warning(
                        "'axis mins', without a space",
                        "space:",
                        "space directions:",
                        "space origin:",
                        "axismins: 1 2 3"),
                warning("1 bytes follow the voxels", "sizes: 23 1 1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("odd")
    void whatIsOddIsAWarning(String words, List<String> lines) throws IOException {
        ReadResult result = Images.inspect(write(lines, 24));
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isFalse();
            assertThat(finding.found()).contains(words);
        });
    }

    @ParameterizedTest
    @CsvSource({"u1.nrrd", "u2.nrrd", "flat.seg.nrrd", "beside.nhdr"})
    void everyTruncationIsAnError(String name) throws IOException {
        byte[] good = Files.readAllBytes(file(name));
        for (int length = 0; length < good.length - (name.endsWith(".nhdr") ? 6 : 0); length++) {
            Path file = Files.write(folder.resolve(name), Arrays.copyOf(good, length));
            assertThatIOException().as("%d bytes", length).isThrownBy(() -> Images.read(file));
        }
    }

    /// 4 KiB of gzip that unpack to 4 MiB, where the header promises 24 bytes or 2 GB.
    @Test
    void aBombIsUnpackedNoFurtherThanItsHeaderPromises() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[4 << 20]);
        }
        Path small = write(with("encoding: gzip"), packed.toByteArray());
        assertThat(Images.read(small).values()).hasSize(24);
        assertThat(Images.inspect(small).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("65536 or more bytes follow the voxels"));
        Path large = write(with("encoding: gzip", "sizes: 2000 1000 1000"), packed.toByteArray());
        assertThatIOException().isThrownBy(() -> Images.read(large)).withMessageContaining("can hold no more than");
    }

    @Test
    void bytesAloneHaveNoOtherFile() throws IOException {
        ImageSource bytes = ImageSource.of("a.nhdr", Files.readAllBytes(file("beside.nhdr")));
        assertThatIOException().isThrownBy(() -> Images.read(bytes)).withMessageContaining("bytes alone");
        assertThat(Images.files(file("list.nhdr")))
                .containsExactly(file("list.nhdr"), file("b.slice"), file("a.slice"));
    }

    private static Labels labels(Geometry grid) {
        byte[] values = new byte[(int) grid.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 3);
        }
        return new Labels(grid, values);
    }

    @ParameterizedTest
    @CsvSource({"a.nrrd", "a.seg.nrrd", "a.nhdr", "A.NRRD"})
    void whatIsWrittenIsReadBack(String name) throws IOException {
        Path file = folder.resolve(name);
        Scan scan = Images.inspect(file("vector-first.nrrd")).orThrow();
        Images.write(file, scan.geometry(), scan.values());
        Scan read = Images.inspect(file).orThrow();
        assertThat(Images.inspect(file).findings()).isEmpty();
        assertThat(read.geometry()).isEqualTo(scan.geometry());
        assertThat(read.channels()).isEqualTo(3);
        assertThat(read.values().type()).isEqualTo(scan.values().type());
        assertThat(read.values().toDoubles()).isEqualTo(scan.values().toDoubles());
        Images.write(file, labels(scan.geometry()));
        assertThat(Images.readLabels(file).values())
                .isEqualTo(labels(scan.geometry()).values());
        assertThat(Images.written(file)).allMatch(Files::exists);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Images.write(folder.resolve("100%.nhdr"), labels(scan.geometry())))
                .withMessageContaining("100%.raw.gz");
    }

    @ParameterizedTest
    @CsvSource({"itk-plane.nrrd", "list-between.nrrd", "i2.nrrd", "spacings.nrrd", "list.nhdr", "plane.nrrd"})
    void aSegmentationHasItsImagesWordsOnTheGrid(String name) throws IOException {
        Geometry grid = Images.info(file(name)).geometry();
        Path file = folder.resolve("labels.nrrd");
        Images.writeLike(file(name), file, labels(grid));
        assertThat(Images.inspect(file).findings()).isEmpty();
        assertThat(Images.info(file).geometry()).isEqualTo(grid);
        assertThat(Images.readLabels(file).values()).isEqualTo(labels(grid).values());
        String header = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n\n")[0];
        String image = Files.readString(file(name), StandardCharsets.ISO_8859_1).split("\n\n")[0];
        List<String> words = header.lines()
                .filter(line -> line.matches("(space|space origin|space dimension|spacings): .*"))
                .toList();
        assertThat(words).isNotEmpty().isSubsetOf(image.lines().toList());
    }

    @Test
    void segmentsHaveNamesAndOneLabelEach() throws IOException {
        assertThat(Images.labelNames(file("flat.seg.nrrd")))
                .containsExactly(Map.entry(1, "liver"), Map.entry(3, "tumour: left"));
        assertThat(Images.labelNames(file("u1.nrrd"))).isEmpty();
        assertThat(Images.readLabels(file("flat.seg.nrrd")).values()).contains(0, 1, 3);
    }

    /// Their voxels, x fastest, in make-nrrd.py.
    @ParameterizedTest
    @CsvSource({"layers.seg.nrrd, 1, 2, 3", "distinct.seg.nrrd, 1, 2, 5", "old.seg.nrrd, 0, 0, 2"})
    void layersBecomeOneSegmentation(String name, int liver, int vessel, int tumour) throws IOException {
        byte[] labels = new byte[24];
        labels[0] = labels[1] = (byte) liver;
        labels[4 * 3 + 4 * 2 + 2] = (byte) vessel;
        labels[4 * 3 + 4 + 3] = (byte) tumour;
        assertThat(Images.readLabels(file(name)).values()).isEqualTo(labels);
        assertThat(Images.labelNames(file(name))).containsEntry(tumour, "tumour");
        assertThat(Images.inspectLabels(file(name)).findings().stream().map(Finding::toString))
                .hasSize(name.startsWith("distinct") ? 0 : 1)
                .allMatch(text -> text.contains("1 = liver"));
        // as an image they are channels
        assertThat(Images.read(file(name)).channels()).isEqualTo(2);
    }

    @Test
    void segmentsThatOverlapAreRefusedByName() {
        assertThatIOException()
                .isThrownBy(() -> Images.readLabels(file("overlap.seg.nrrd")))
                .withMessageContaining("its segments overlap: liver and tumour (1 voxels). A voxel has one label");
    }

    /// Slicer stores a box around the segments.
    @Test
    void aBoxOfLabelsGoesOntoItsImagesGrid() throws IOException {
        Scan box = Images.inspectLabels(file("flat.seg.nrrd")).orThrow();
        double[] affine = box.geometry().affine();
        for (int row = 0; row < 3; row++) {
            // the box's first voxel is voxel (1, -1, 2) of the image
            affine[4 * row + 3] -= affine[4 * row] - affine[4 * row + 1] + 2 * affine[4 * row + 2];
        }
        var grid = new Geometry(6, 4, 5, affine);
        Path image = folder.resolve("image.nrrd");
        Images.write(image, labels(grid));
        ReadResult result = Images.inspectLabels(file("flat.seg.nrrd"), image);
        assertThat(result.findings()).isEmpty();
        assertThat(Images.labelInfo(file("flat.seg.nrrd"), image).geometry()).isEqualTo(grid);
        NumericArray labels = result.orThrow().values();
        for (int i = 0; i < labels.size(); i++) {
            int x = i % 6 - 1;
            int y = i / 6 % 4 + 1;
            int z = i / 24 - 2;
            boolean inside = x >= 0 && x < 4 && y < 3 && z >= 0 && z < 2;
            assertThat(labels.get(i)).isEqualTo(inside ? box.values().get((z * 3 + y) * 4 + x) : 0);
        }
        Path narrow = folder.resolve("narrow.nrrd");
        Images.write(narrow, labels(new Geometry(6, 4, 3, affine)));
        assertThat(Images.inspectLabels(file("flat.seg.nrrd"), narrow).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("1 voxels with labels lie outside of the image"));
    }
}
