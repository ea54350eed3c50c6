package org.segloss.format.metaimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.ImageInfo;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.process.Child;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

class MetaImageTest {
    // SimpleITK 2.5.7: what ReadImage makes of the files that make-meta.py wrote
    private static final JsonNode SIMPLE_ITK = Resources.json("meta.json");

    @TempDir
    Path folder;

    static Stream<String> names() {
        return SIMPLE_ITK.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void numbersAndPlacesAreThoseThatSimpleItkReads(String name) throws IOException {
        Path file = Resources.file(name);
        ReadResult result = Images.inspect(file);
        assertThat(result.findings()).isEmpty();
        Scan scan = result.orThrow();
        JsonNode expected = SIMPLE_ITK.path(name);
        double[] size = Resources.numbers(expected.path("size"));
        assertThat(scan.geometry().x()).isEqualTo((int) size[0]);
        assertThat(scan.geometry().y()).isEqualTo((int) size[1]);
        assertThat(scan.geometry().z()).isEqualTo(size.length > 2 ? (int) size[2] : 1);
        assertThat(scan.values().type()).hasToString(expected.path("type").asString());
        assertThat(scan.values().toDoubles()).containsExactly(Resources.numbers(expected.path("values")));
        // a NIfTI header holds floats
        assertThat(scan.geometry().affine())
                .containsExactly(
                        Resources.numbers(expected.path("affine")), within(name.endsWith(".nii") ? 1e-6 : 1e-12));
        assertThat(Images.info(file)).isEqualTo(new ImageInfo(scan.geometry(), scan.channels()));
    }

    @Test
    void theSameImageLiesInTheSamePlaceInBothFormats() throws IOException {
        for (List<String> pair :
                List.of(List.of("oblique.mha", "oblique.nii"), List.of("plane.mha", "plane-meta.nii"))) {
            Geometry meta = Images.info(Resources.file(pair.getFirst())).geometry();
            Geometry nifti = Images.info(Resources.file(pair.getLast())).geometry();
            assertThat(meta.affine()).as(pair.toString()).containsExactly(nifti.affine(), within(1e-6));
        }
    }

    @Test
    void theContentSaysWhatAFileIsWhateverItsNameSays() throws IOException {
        Path meta = Files.copy(Resources.file("oblique.mha"), folder.resolve("a.nii.gz"));
        Path nifti = Files.copy(Resources.file("oblique.nii"), folder.resolve("b.mha"));
        Path packed = Files.copy(Resources.file("packed.nii.gz"), folder.resolve("c.png"));
        Path png = Files.copy(Resources.file("gray8.png"), folder.resolve("d"));
        assertThat(Images.read(meta).values()).isEqualTo(Images.read(nifti).values());
        assertThat(Images.read(packed).values())
                .isEqualTo(Images.read(Resources.file("packed.nii.gz")).values());
        assertThat(Images.read(png).geometry().z()).isEqualTo(1);
        Path text = Files.writeString(folder.resolve("e.txt"), "hello");
        assertThatIOException()
                .isThrownBy(() -> Images.read(text))
                .withMessage(text + ": this is no image of a kind that is known here. " + Images.expected());
    }

    static Stream<String> endings() {
        return Stream.of("a.mha", "b.MHD");
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatIsWrittenIsReadBack(String name) throws IOException {
        Geometry grid = Images.info(Resources.file("oblique.mha")).geometry();
        Path file = folder.resolve(name);
        float[] values = new float[3 * 24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 1.7f - 3;
        }
        Images.write(file, new Volume(grid, 3, values));
        Volume read = Images.read(file);
        assertThat(read.values()).isEqualTo(values);
        assertThat(read.geometry().affine()).containsExactly(grid.affine(), within(1e-12));
        byte[] labels = new byte[24];
        Arrays.fill(labels, 3, 9, (byte) 2);
        Images.write(file, new Labels(grid, labels));
        assertThat(Images.readLabels(file).values()).isEqualTo(labels);
        assertThat(Images.files(file)).hasSize(name.endsWith("a") ? 1 : 2);
    }

    private Path file(String fields, String data, byte[] bytes) throws IOException {
        return file("ObjectType = Image\n" + fields + "ElementDataFile = " + data + "\n", bytes);
    }

    private Path file(String name, String fields, String data, byte[] bytes) throws IOException {
        return Files.move(file(fields, data, bytes), folder.resolve(name + ".mha"));
    }

    private Path file(String header, byte[] bytes) throws IOException {
        var all = new ByteArrayOutputStream();
        all.write(header.getBytes(StandardCharsets.UTF_8));
        all.write(bytes);
        return Files.write(folder.resolve("image.mha"), all.toByteArray());
    }

    private static final String GOOD = "NDims = 3\nDimSize = 4 3 2\nElementType = MET_UCHAR\n";

    @ParameterizedTest
    @ValueSource(
            strings = {"../secret.raw", "/etc/passwd", "sub/secret.raw", "..", ".", "..\\secret.raw", "C:secret.raw", ""
            })
    void voxelsAreReadFromNoOtherFolder(String name) throws IOException {
        // each of them is there and long enough
        Path inner = Files.createDirectories(folder.resolve("inner/sub")).getParent();
        Files.write(folder.resolve("secret.raw"), new byte[24]);
        Files.write(inner.resolve("sub/secret.raw"), new byte[24]);
        Path header = Files.move(file(GOOD, name, new byte[0]), inner.resolve("image.mhd"));
        assertThat(Images.inspect(header).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.found()).isEqualTo("the voxels are to be in the file '%s'".formatted(name));
            assertThat(finding.fix()).contains("has to lie in the header's folder");
        });
        assertThat(Images.files(header)).containsExactly(header);
        assertThatIOException().isThrownBy(() -> Images.info(header));
    }

    static Stream<String> unsayable() {
        return Stream.of("a%b", "LISTED", "C:scan", "a\\b", " a", "a\nb", "a\u0085b");
    }

    /// With these in front of .zraw.
    @ParameterizedTest
    @MethodSource("unsayable")
    void aNameThatIsNotReadIsNotWritten(String name) throws IOException {
        Path file = folder.resolve(name + ".mhd");
        var labels = new Labels(Geometry.identity(4, 3, 2), new byte[24]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Images.write(file, labels))
                .withMessageContaining("'%s.zraw'".formatted(name))
                .withMessageContaining("write .mha");
        assertThatIllegalArgumentException().isThrownBy(() -> Images.checkHolds(file, labels.geometry()));
        assertThat(folder).isEmptyDirectory();
        Path one = folder.resolve(name + ".mha");
        Images.checkHolds(one, labels.geometry());
        Images.write(one, labels);
        assertThat(Images.readLabels(one).values()).isEqualTo(labels.values());

        Path header = file(GOOD, name + ".zraw", new byte[0]);
        Files.write(folder.resolve(name + ".zraw"), new byte[24]);
        // space around a name and what follows on the next line are none of it
        boolean another = name.startsWith(" ") || name.contains("\n");
        assertThat(Images.inspect(header).findings())
                .anySatisfy(finding ->
                        assertThat(finding.found()).contains(another ? "which is not there" : "the voxels are"));
        assertThat(Images.files(header)).containsExactly(header);
    }

    @Test
    void aNameThatTheSystemHasNoPathForIsAFinding() throws IOException {
        Path header = file(GOOD, "a\0b.raw", new byte[0]);
        assertThat(Images.inspect(header).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).contains("a\\u0000b.raw"));
        assertThat(Images.files(header)).containsExactly(header);
    }

    static Stream<String> sayable() {
        return Stream.of("my scan", "a=b", "local", "Größe", "a.b", "-", "#1 (2)", "a'b\"c", "list");
    }

    @ParameterizedTest
    @MethodSource("sayable")
    void otherNamesAreWrittenAndRead(String name) throws IOException {
        Path file = folder.resolve(name + ".mhd");
        var labels = new Labels(Geometry.identity(4, 3, 2), new byte[24]);
        labels.values()[5] = 3;
        Images.write(file, labels);
        assertThat(Images.readLabels(file).values()).isEqualTo(labels.values());
        assertThat(Images.written(file))
                .isEqualTo(Images.files(file))
                .containsExactly(file, folder.resolve(name + ".zraw"));
    }

    @Test
    void anImageThatCannotReplaceAnotherLeavesItWhole() throws IOException {
        Path file = folder.resolve("a.mhd");
        var labels = new Labels(Geometry.identity(4, 3, 2), new byte[24]);
        Images.write(file, labels);
        Path voxels = folder.resolve("a.zraw");
        byte[] before = Files.readAllBytes(voxels);
        Files.delete(file);
        // a header that can't be deleted: a folder with something in it
        Files.createDirectories(file.resolve("full"));
        assertThatIOException()
                .isThrownBy(() -> Images.write(file, new Labels(Geometry.identity(1, 1, 1), new byte[1])));
        assertThat(voxels).hasBinaryContent(before);
    }

    /// An image is one of two, whenever the program that writes them in turn is killed.
    @Test
    void aKilledWriteLeavesNoHeaderWithOtherVoxels() throws IOException, InterruptedException {
        Path file = folder.resolve("a.mhd");
        CounterRandom random = CounterRandom.of(7, "kills");
        for (int kill = 0; kill < 5; kill++) {
            Process writing = Child.start("-Xmx64m", MetaImageWriter.class, file);
            try (var said = writing.inputReader()) {
                assertThat(said.readLine()).isEqualTo("writing");
                Thread.sleep(20 + random.nextInt(30));
            } finally {
                writing.destroyForcibly().waitFor();
            }
            if (Files.exists(file)) {
                Volume image = Images.read(file);
                float value = (float) image.geometry().spacing()[0];
                assertThat(image.values()).containsOnly(value);
            }
        }
    }

    private void refused(Path file, String... words) {
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageStartingWith(file + ": ")
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void linksToVoxelsAreFollowedAndThoseToElsewhereAreAWarning() throws IOException {
        Path store = Files.createDirectories(folder.resolve("store"));
        Path data = Files.createDirectories(folder.resolve("data"));
        byte[] bytes = new byte[24];
        Arrays.fill(bytes, (byte) 7);
        Path raw = Files.write(store.resolve("scan.raw"), bytes);
        Path stored = Files.move(file(GOOD, "scan.raw", new byte[0]), store.resolve("scan.mhd"));

        // a data set of links into a store
        Path header = Files.createSymbolicLink(data.resolve("scan.mhd"), stored);
        refused(header, "scan.raw, which is not there", "The header is a link");
        Path link = Files.createSymbolicLink(data.resolve("scan.raw"), raw);
        assertThat(Images.inspect(header).findings()).isEmpty();
        assertThat(Images.read(header).values()).containsOnly(7);
        assertThat(Images.files(header)).containsExactly(header, link);

        // a header of its own
        Files.delete(header);
        Files.copy(stored, header);
        ReadResult result = Images.inspect(header);
        assertThat(result.orThrow().volume().values()).containsOnly(7);
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isFalse();
            assertThat(finding.found()).contains("scan.raw, is a link to " + raw.toRealPath(), "outside");
        });
        Files.delete(link);
        Files.write(data.resolve("v2.raw"), bytes);
        Files.createSymbolicLink(link, Path.of("v2.raw"));
        assertThat(Images.inspect(header).findings()).isEmpty();

        // neither folders nor what has no end
        Files.delete(link);
        Files.createSymbolicLink(link, store);
        refused(header, "scan.raw, which is not there or may not be read");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("/dev/zero"));
        refused(header, "scan.raw, which is not there or may not be read");
    }

    @Test
    void aWrongHeaderIsNamed() throws IOException {
        byte[] voxels = new byte[24];
        refused(file(GOOD.replace("4 3 2", "4 -3 2"), "LOCAL", voxels), "shape of 4 -3 2");
        refused(file(GOOD.replace("4 3 2", "4 0 2"), "LOCAL", voxels), "shape of 4 0 2");
        refused(file(GOOD.replace("4 3 2", "4 3"), "LOCAL", voxels), "claims 3 axes", "lengths 4 3 ");
        refused(file(GOOD.replace("4 3 2", "4 3 x"), "LOCAL", voxels), "4 3 x");
        refused(file(GOOD.replace("4 3 2", "4 3 2.5"), "LOCAL", voxels), "4 3 2.5");
        refused(file(GOOD.replace("4 3 2", "99999 99999 99999"), "LOCAL", voxels), "999970000299999 bytes", "than 24");
        refused(file(GOOD.replace("4 3 2", "1e300 3 2"), "LOCAL", voxels), "1e300 3 2");
        refused(file(GOOD.replace("NDims = 3", "NDims = 7"), "LOCAL", voxels), "claims 7 axes");
        refused(file(GOOD.replace("NDims = 3\n", ""), "LOCAL", voxels), "claims nothing axes");
        refused(file(GOOD.replace("UCHAR", "STRING"), "LOCAL", voxels), "MET_STRING", "convert");
        refused(file(GOOD + "ElementNumberOfChannels = 0\n", "LOCAL", voxels), "0 channels");
        refused(file(GOOD + "ElementSpacing = 1 0 1\n", "LOCAL", voxels), "0 mm wide along y");
        refused(file(GOOD + "ElementSpacing = 1 1\n", "LOCAL", voxels), "2 numbers for its spacing");
        refused(file(GOOD + "Offset = 1 nan 1\n", "LOCAL", voxels), "NaN");
        refused(file(GOOD + "TransformMatrix = 1 0 0 1 0 0 0 0 1\n", "LOCAL", voxels), "singular");
        refused(file(GOOD + "BinaryData = False\n", "LOCAL", voxels), "as text", "SimpleITK");
        refused(file(GOOD + "HeaderSize = 5\n", "LOCAL", voxels), "behind 5 bytes");
        refused(file(GOOD, "LIST", voxels), "many files", ".mha");
        refused(file(GOOD, "slice%03d.raw 1 2 1", voxels), "many files");
        refused(file(GOOD, "nowhere.raw", voxels), "nowhere.raw", "beside the header");
        refused(file("ObjectType = Tube\n" + GOOD + "ElementDataFile = LOCAL\n", voxels), "the type Tube");
        refused(file("ObjectType = Image\n" + GOOD, new byte[0]), "ends without a line 'ElementDataFile");
        refused(file("ObjectType = Image\n" + "x".repeat(70_000), new byte[0]), "64 KiB");
        refused(file("NDims = 3\nhello\n", voxels), "no 'key = value': hello");
        refused(file("", new byte[0]), "the file is empty");
        refused(file(GOOD, "LOCAL", new byte[23]), "promises 24 bytes", "than 23");
    }

    @Test
    void aHeaderIsQuotedWithoutWhatSteersATerminal() throws IOException {
        String hostile = "x\u001b[2J\u009b1m\u202e";
        String quoted = "x\\u001b[2J\\u009b1m\\u202e";
        byte[] voxels = new byte[24];
        List<Path> files = List.of(
                file("a", GOOD.replace("4 3 2", hostile), "LOCAL", voxels),
                file("b", GOOD.replace("NDims = 3", "NDims = " + hostile), "LOCAL", voxels),
                file("c", GOOD.replace("MET_UCHAR", hostile), "LOCAL", voxels),
                file("d", GOOD + "ElementNumberOfChannels = " + hostile + "\n", "LOCAL", voxels),
                file("e", GOOD + "HeaderSize = " + hostile + "\n", "LOCAL", voxels),
                file("f", GOOD + "DistanceUnits = " + hostile + "\n", "LOCAL", voxels),
                file("g", GOOD + "ObjectType = " + hostile + "\n", "LOCAL", voxels),
                file("h", GOOD + "CompressedData = True\nCompressedDataSize = " + hostile + "\n", "LOCAL", voxels),
                file("i", GOOD, hostile, voxels),
                file("j", GOOD, "%" + hostile, voxels),
                file("k", GOOD + hostile + "\n", "LOCAL", voxels));
        for (Path file : files) {
            assertThat(Images.inspect(file).findings())
                    .as(file.toString())
                    .anySatisfy(finding -> assertThat(finding.found()).contains(quoted))
                    .noneSatisfy(finding -> assertThat(finding.toString()).contains("\u001b"));
        }
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    @Test
    void packedVoxelsAreUnpackedNoFurtherThanTheHeaderPromises() throws IOException {
        byte[] voxels = new byte[24];
        Arrays.fill(voxels, (byte) 7);
        String head = GOOD + "CompressedData = True\n";
        byte[] packed = packed(voxels);
        assertThat(Images.read(file(head, "LOCAL", packed)).values()).containsOnly(7);
        String said = head + "CompressedDataSize = %d\n";
        // bytes behind the packed ones are not looked at
        assertThat(Images.read(file(said.formatted(packed.length), "LOCAL", Arrays.copyOf(packed, 100)))
                        .values())
                .containsOnly(7);
        refused(file(said.formatted(packed.length + 1), "LOCAL", packed), "CompressedDataSize");
        refused(file(said.formatted(-1), "LOCAL", packed), "packed to -1 bytes (CompressedDataSize)");
        String words = head + "CompressedDataSize = many\n";
        refused(
                file(words, "LOCAL", packed),
                "packed to many bytes (CompressedDataSize), but %d".formatted(packed.length));
        // without a look at the voxels
        Path longer = file(said.formatted(packed.length + 1), "LOCAL", packed);
        assertThatIOException().isThrownBy(() -> Images.info(longer)).withMessageContaining("CompressedDataSize");
        // what is said is what is unpacked: 1 byte holds no more than 1032
        byte[] wide = new byte[2000];
        refused(
                file(said.formatted(1).replace("4 3 2", "20 10 10"), "LOCAL", packed(wide)),
                "promises 2000 bytes",
                "no more than 1032");
        refused(file(head, "LOCAL", Arrays.copyOf(packed, packed.length - 1)), "break off");
        refused(file(head, "LOCAL", packed(new byte[20])), "promises 24 bytes", "only 20");
        packed[packed.length - 1] ^= 1;
        refused(file(head, "LOCAL", packed), "damaged");
        refused(file(head, "LOCAL", new byte[30]), "damaged after 0");
        // 50 MB of nothing
        ReadResult bomb = Images.inspect(file(head, "LOCAL", packed(new byte[50_000_000])));
        assertThat(bomb.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).contains("more bytes are packed than the 24"));
    }

    @Test
    void whatIsOddIsAWarning() throws IOException {
        byte[] voxels = new byte[24];
        assertThat(Images.inspect(file(GOOD + "DistanceUnits = um\n", "LOCAL", voxels))
                        .findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).isEqualTo("lengths are in um"));
        assertThat(Images.inspect(file(GOOD + "ElementToIntensityFunctionSlope = 2\n", "LOCAL", voxels))
                        .findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).contains("scaled by 2"));
        assertThat(Images.inspect(file(GOOD, "LOCAL", new byte[30])).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).isEqualTo("6 bytes follow the voxels"));
    }

    // a fuzzer in small
    @Test
    void noDamagedFileThrowsAnythingButIOException() throws IOException {
        CounterRandom random = CounterRandom.of(21, "mutations");
        List<String> names = names().filter(name -> name.endsWith(".mha")).toList();
        Path file = folder.resolve("a.mha");
        int broken = 0;
        for (int i = 0; i < 2000; i++) {
            // letters and digits keep more of a header readable than any bytes do
            boolean any = i % 2 == 0;
            Files.write(file, damaged(Resources.file(names.get(random.nextInt(names.size()))), any, random));
            broken += isBroken(file, i) ? 1 : 0;
        }
        assertThat(broken).isBetween(200, 1900);
    }

    @Test
    void noDamagedHeaderOrFileBesideItThrowsAnythingButIOException() throws IOException {
        CounterRandom random = CounterRandom.of(22, "mutations");
        Path header = folder.resolve("a.mhd");
        int broken = 0;
        for (int i = 0; i < 1000; i++) {
            String name = i % 4 < 2 ? "beside" : "packed";
            String voxels = name.equals("beside") ? "beside.raw" : "packed.zraw";
            boolean inHeader = random.nextInt(4) > 0;
            boolean any = i % 2 == 0;
            Path source = Resources.file(name + ".mhd");
            Path beside = Resources.file(voxels);
            Files.write(header, inHeader ? damaged(source, any, random) : Files.readAllBytes(source));
            Files.write(folder.resolve(voxels), inHeader ? Files.readAllBytes(beside) : damaged(beside, any, random));
            broken += isBroken(header, i) ? 1 : 0;
        }
        assertThat(broken).isBetween(150, 900);
    }

    private static byte[] damaged(Path file, boolean any, CounterRandom random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int change = random.nextInt(3); change >= 0; change--) {
            bytes[random.nextInt(bytes.length)] = (byte) (any ? random.nextInt(256) : 32 + random.nextInt(96));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /// All that is asked of a file has one opinion on whether it can be read.
    private static boolean isBroken(Path file, int round) throws IOException {
        try {
            ReadResult result = Images.inspectLabels(file);
            assertThat(Images.files(file)).first().isEqualTo(file);
            assertThat(result.findings())
                    .noneMatch(finding -> finding.toString().chars().anyMatch(c -> c < ' '));
            if (result.scan().isPresent()) {
                assertThat(Images.info(file).geometry())
                        .isEqualTo(result.scan().get().geometry());
            }
            return result.scan().isEmpty();
        } catch (RuntimeException | Error e) {
            return fail("round %d: %s".formatted(round, e), e);
        }
    }
}
