package org.segloss.format.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Severity;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;

class NiftiDamageTest {
    @TempDir
    Path folder;

    private Path file;
    private byte[] good;

    @BeforeEach
    void writeAGoodFile() throws IOException {
        file = folder.resolve("image.nii");
        float[] values = new float[4 * 5 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Images.write(file, new Volume(Geometry.scaled(4, 5, 6, 1, 2, 3), 1, values));
        good = Files.readAllBytes(file);
    }

    private static Arguments error(String name, Consumer<ByteBuffer> damage, String... words) {
        return Arguments.of(name, damage, words);
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                error("size 0", b -> b.putInt(0, 0), "no NIfTI image", "begins with 0", "348", "540"),
                error("NIfTI-2's size", b -> b.putInt(0, 540), "NIfTI-2's mark"),
                error("pair", b -> b.put(344, (byte) 'n').put(345, (byte) 'i'), "image.img", "not there"),
                error("ANALYZE", b -> b.putInt(344, 0), "n+1", "ANALYZE"),
                error("no axes", b -> b.putShort(40, (short) 0), "claims 0 axes"),
                error("8 axes", b -> b.putShort(40, (short) 8), "claims 8 axes"),
                error("empty axis", b -> b.putShort(44, (short) 0), "4 x 0 x 6"),
                error("negative axis", b -> b.putShort(44, (short) -5), "4 x -5 x 6"),
                error(
                        "5-D",
                        b -> b.putShort(40, (short) 5).putShort(48, (short) 2).putShort(50, (short) 3),
                        "4 x 5 x 6 x 2 x 3",
                        "channels"),
                error(
                        "30000^3",
                        b -> b.putShort(42, (short) 30000)
                                .putShort(44, (short) 30000)
                                .putShort(46, (short) 30000),
                        "30000 x 30000 x 30000",
                        "108000000000352 bytes",
                        "832"),
                error("RGB", b -> b.putShort(70, (short) 128), "RGB24", "32 bits", "24"),
                error(
                        "RGB in time",
                        b -> b.putShort(40, (short) 4)
                                .putShort(48, (short) 2)
                                .putShort(70, (short) 128)
                                .putShort(72, (short) 24),
                        "2 volumes of colours (RGB24)",
                        "Split"),
                error("complex", b -> b.putShort(70, (short) 32), "complex64", "magnitude"),
                error("float128", b -> b.putShort(70, (short) 1536), "float128", "float64"),
                error("unknown type", b -> b.putShort(70, (short) 77), "77"),
                error("bitpix", b -> b.putShort(72, (short) 16), "16 bits", "float32", "32"),
                error("offset NaN", b -> b.putFloat(108, Float.NaN), "byte NaN", "352"),
                error("offset 0", b -> b.putFloat(108, 0), "byte 0", "352"),
                error("offset fraction", b -> b.putFloat(108, 352.5f), "byte 352.5"),
                error("offset beyond", b -> b.putFloat(108, 1e9f), "1000000480 bytes", "832"),
                error("offset infinite", b -> b.putFloat(108, Float.POSITIVE_INFINITY), "832"),
                error("slope infinite", b -> b.putFloat(112, Float.NEGATIVE_INFINITY), "scl_slope"),
                error("intercept NaN", b -> b.putFloat(116, Float.NaN), "scl_inter"),
                error("width 0", b -> b.putFloat(280, 0), "0 mm wide along x", "sform"),
                error("width NaN", b -> b.putFloat(300, Float.NaN), "NaN mm wide along y"),
                error("width infinite", b -> b.putFloat(280, Float.POSITIVE_INFINITY), "Infinity mm wide along x"),
                error("place NaN", b -> b.putFloat(292, Float.NaN), "along x", "NaN"),
                error("singular", b -> b.putFloat(284, 1).putFloat(300, 0), "singular"),
                error("pixdim 0", b -> b.putShort(254, (short) 0).putFloat(84, 0), "0 mm wide along y", "qform"),
                error(
                        "pixdim negative",
                        b -> b.putShort(252, (short) 0).putShort(254, (short) 0).putFloat(88, -3),
                        "-3 mm wide along z",
                        "pixdim"),
                error("quaternion", b -> b.putShort(254, (short) 0).putFloat(256, 2), "qform", "NaN"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void aWrongHeaderIsNamed(String name, Consumer<ByteBuffer> damage, String[] words) throws IOException {
        damage.accept(ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(file, good);
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageStartingWith(file + ": ")
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
        assertThatIOException().isThrownBy(() -> Images.info(file));
    }

    @Test
    void severalFaultsAreNamedAtOnce() throws IOException {
        ByteBuffer.wrap(good)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(44, (short) -5)
                .putShort(70, (short) 32)
                .putFloat(112, Float.POSITIVE_INFINITY);
        Files.write(file, good);
        assertThat(Images.inspect(file).findings()).hasSize(3);
    }

    static Stream<Arguments> oddities() {
        return Stream.of(
                error("slope NaN", b -> b.putFloat(112, Float.NaN), "scl_slope is NaN"),
                error("micrometres", b -> b.put(123, (byte) 3), "micrometres"),
                error("huge voxels", b -> b.putFloat(280, 5000).putShort(252, (short) 0), "5000 mm wide along x"),
                error(
                        "tiny voxels",
                        b -> b.putFloat(280, 0x1p-11f).putShort(252, (short) 0),
                        "4.8828125E-4 mm wide along x"),
                error("sheared", b -> b.putFloat(284, 0.5f).putShort(252, (short) 0), "not at right angles"),
                error("metres", b -> b.put(123, (byte) 1), "metres"),
                error("two affines", b -> b.putFloat(268, 1), "sform", "qform", "differ"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddities")
    void anOddHeaderIsReadWithAWarning(String name, Consumer<ByteBuffer> damage, String[] words) throws IOException {
        damage.accept(ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(file, good);
        ReadResult inspection = Images.inspect(file);
        assertThat(inspection.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.found()).contains(words);
        });
        assertThat(inspection.orThrow().volume().values()[119]).isEqualTo(119);
    }

    @Test
    void aFileThatIsNotThereOrAFolderIsNamed() throws IOException {
        Path missing = folder.resolve("missing.nii");
        assertThatIOException()
                .isThrownBy(() -> Images.read(missing))
                .withMessage(missing + ": there is no such file. Check the name.");
        assertThatIOException().isThrownBy(() -> Images.read(folder)).withMessageContaining("this is a folder");
        Path device = Files.createSymbolicLink(folder.resolve("zeros.nii"), Path.of("/dev/zero"));
        assertThatIOException().isThrownBy(() -> Images.read(device)).withMessageContaining("no regular file");
    }

    @Test
    void shortFilesAreNamed() throws IOException {
        check(0, "the file is empty");
        check(3, "the file has 3 bytes");
        check(100, "ends after 100 bytes");
        check(347, "ends after 347 bytes");
        // less than the header promises: seen before anything is read
        check(351, "832 bytes in all", "no more than 351");
        check(831, "832 bytes in all", "no more than 831");
    }

    private void check(int length, String... words) throws IOException {
        Files.write(file, Arrays.copyOf(good, length));
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void bytesBehindTheVoxelsAreAWarning() throws IOException {
        Files.write(file, Arrays.copyOf(good, 840));
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).isEqualTo("8 bytes follow the voxels"));
        assertThat(Images.inspect(file).scan()).isPresent();
    }

    @Test
    void everyTruncationOfAGzipStreamIsAnError() throws IOException {
        byte[] packed = packed(good);
        for (int length = 0; length < packed.length; length++) {
            Files.write(file, Arrays.copyOf(packed, length));
            assertThatIOException().as("%d bytes", length).isThrownBy(() -> Images.read(file));
        }
        Files.write(file, Arrays.copyOf(packed, packed.length - 60));
        assertThatIOException().isThrownBy(() -> Images.read(file)).withMessageContaining("breaks off after");
    }

    @Test
    void aGzipStreamThatEndsWellButTooEarlyIsCounted() throws IOException {
        Files.write(file, packed(Arrays.copyOf(good, 700)));
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageContaining("promises 480 bytes of voxels, but only 348 are there");
    }

    @Test
    void aWrongChecksumIsNamed() throws IOException {
        byte[] packed = packed(good);
        packed[packed.length - 7] ^= 1;
        Files.write(file, packed);
        assertThatIOException().isThrownBy(() -> Images.read(file)).withMessageContaining("checksum");
    }

    @Test
    void bytesBehindTheGzipStreamAreAWarning() throws IOException {
        byte[] packed = packed(good);
        Files.write(file, Arrays.copyOf(packed, packed.length + 20_000));
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).isEqualTo("20000 bytes follow the gzip stream"));
    }

    @Test
    void aGzipFileMayHaveSeveralMembersAndNames() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(packed(Arrays.copyOf(good, 500)));
        // RFC 1952 by hand: FHCRC, FEXTRA of 2 bytes, FNAME "a"
        byte[] rest = packed(Arrays.copyOfRange(good, 500, good.length));
        bytes.write(new byte[] {0x1F, (byte) 0x8B, 8, 2 + 4 + 8, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7, 'a', 0, 1, 1});
        bytes.write(rest, 10, rest.length - 10);
        Files.write(file, bytes.toByteArray());
        assertThat(Images.read(file).values()[119]).isEqualTo(119);
    }

    @Test
    void nothingLargeIsAllocatedForAHeaderThatLies() throws IOException {
        ByteBuffer b = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort(42, (short) 800).putShort(44, (short) 800).putShort(46, (short) 800);
        Files.write(file, good);
        assertThat(allocatedBy(() -> Images.inspect(file))).isLessThan(1_000_000);
        // packed, 200 bytes could hold some 200 kB, and do not
        b.putShort(42, (short) 40).putShort(44, (short) 30).putShort(46, (short) 20);
        Files.write(file, packed(good));
        assertThat(allocatedBy(() -> Images.inspect(file))).isLessThan(1_000_000);
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).contains("promises 96000 bytes"));
    }

    // a fuzzer in small: fields that matter get bytes at random, and the file is cut or left
    @Test
    void noDamagedHeaderThrowsAnythingButIOExceptionOrAllocatesMuch() throws IOException {
        CounterRandom random = CounterRandom.of(20, "mutations");
        int[] fields = {
            0, 40, 42, 44, 46, 48, 50, 70, 72, 76, 80, 84, 88, 108, 112, 116, 123, 252, 254, 256, 268, 280, 344
        };
        int readable = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(2) == 0 ? random.nextInt(352) : fields[random.nextInt(fields.length)];
                bytes[at + random.nextInt(2)] = (byte) random.nextInt(256);
            }
            byte[] content = random.nextInt(3) == 0 ? packed(bytes) : bytes;
            if (random.nextInt(4) == 0) {
                content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(4) == 0) {
                content = Arrays.copyOf(content, random.nextInt(content.length));
            }
            Files.write(file, content);
            try {
                long before = allocated();
                readable += Images.inspectLabels(file).scan().isPresent() ? 1 : 0;
                assertThat(allocated() - before).as("bytes in round %d", i).isLessThan(2_000_000);
            } catch (RuntimeException e) {
                fail("round %d: %s".formatted(i, e), e);
            }
        }
        // neither all nor none: the damage really reaches the checks behind the first
        assertThat(readable).isBetween(500, 4500);
    }

    private static long allocatedBy(Runnable action) {
        long before = allocated();
        action.run();
        return allocated() - before;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
