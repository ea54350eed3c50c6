package org.segloss.format.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.Finding;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.format.Severity;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// NIfTI-2 and pairs of files. That both are read as NiBabel reads them is [NiftiTest]'s.
class NiftiEditionsTest {
    @TempDir
    Path folder;

    private static final Geometry GRID = Geometry.scaled(2, 3, 4, -0.7, 0.8, 2);

    private static ByteBuffer bytes(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Labels labels(Geometry grid) {
        byte[] values = new byte[(int) grid.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 3);
        }
        return new Labels(grid, values);
    }

    /// NIfTI-1 counts voxels by 16 bits with a sign.
    @ParameterizedTest
    @CsvSource({"32767, 348", "32768, 540"})
    void anAxisThatNifti1CanNotCountMakesNifti2(int x, int header) throws IOException {
        Path file = folder.resolve("long.nii");
        Labels labels = labels(Geometry.scaled(x, 2, 1, 0.5, 1, 1));
        Images.write(file, labels);
        assertThat(bytes(file).getInt(0)).isEqualTo(header);
        Labels read = Images.readLabels(file);
        assertThat(read.geometry()).isEqualTo(labels.geometry());
        assertThat(read.values()).isEqualTo(labels.values());
        assertThat(Images.inspect(file).findings()).isEmpty();
    }

    @Test
    void aSegmentationOfNifti2IsOneWithTheSameDoubles() throws IOException {
        Path image = Resources.file("two-big.nii.gz");
        Path file = folder.resolve("labels.nii");
        Geometry grid = Images.info(image).geometry();
        Images.writeLike(image, file, labels(grid));
        ByteBuffer like;
        try (var in = new GZIPInputStream(Files.newInputStream(image))) {
            like = ByteBuffer.wrap(in.readAllBytes());
        }
        ByteBuffer written = bytes(file);
        assertThat(written.getInt(0)).isEqualTo(540);
        assertThat(Images.readLabels(file).geometry()).isEqualTo(grid);
        // NIfTI-2's places of pixdim, quaternion with offset, and sform
        for (int at : new int[] {104, 112, 120, 128, 352, 360, 368, 376, 384, 392, 400, 480, 488}) {
            assertThat(written.getDouble(at)).as("byte %d", at).isEqualTo(like.getDouble(at));
        }
        for (int at : new int[] {344, 348, 500}) {
            assertThat(written.getInt(at)).as("byte %d", at).isEqualTo(like.getInt(at));
        }
    }

    private static Arguments error(String name, Consumer<ByteBuffer> damage, String... words) {
        return Arguments.of(name, damage, words);
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                error("mark", b -> b.put(5, (byte) '-'), "lacks NIfTI-2's mark"),
                error("copied as text", b -> b.put(8, (byte) '\n'), "copied as text"),
                error("no axes", b -> b.putLong(16, 0), "claims 0 axes"),
                error("negative axis", b -> b.putLong(24, -3), "a shape of -3 x 4 x 2"),
                error("too long", b -> b.putLong(24, 1L << 31), "2147483648 x 4 x 2", "1 to 2147483647"),
                error("longest", b -> b.putLong(32, Integer.MAX_VALUE), "2147483647", "can hold no more than"),
                error("offset", b -> b.putLong(168, 543), "byte 543", "NIfTI-2 file has them at byte 544"),
                error("offset beyond", b -> b.putLong(168, Long.MAX_VALUE), "can hold no more than 592"),
                error("type", b -> b.putShort(12, (short) 1792), "complex128", "magnitude"),
                error("slope", b -> b.putDouble(176, Double.NEGATIVE_INFINITY), "scl_slope"),
                error("width", b -> b.putDouble(400, Double.NaN), "NaN mm wide along x"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void aWrongHeaderOfNifti2IsNamed(String name, Consumer<ByteBuffer> damage, String[] words) throws IOException {
        ByteBuffer header = bytes(Resources.file("two-little.nii"));
        damage.accept(header);
        Path file = Files.write(folder.resolve("a.nii"), header.array());
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageStartingWith(file + ": ")
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
        assertThatIOException().isThrownBy(() -> Images.info(file));
    }

    @Test
    void everyTruncationOfNifti2IsAnError() throws IOException {
        byte[] good = Files.readAllBytes(Resources.file("two-little.nii"));
        for (int length = 0; length < good.length; length++) {
            Path file = Files.write(folder.resolve("a.nii"), Arrays.copyOf(good, length));
            assertThatIOException().as("%d bytes", length).isThrownBy(() -> Images.read(file));
        }
    }

    @ParameterizedTest
    @CsvSource({"a.hdr, a.img", "b.hdr.gz, b.img.gz", "C.HDR, C.img"})
    void aPairIsWrittenAndReadBack(String header, String voxels) throws IOException {
        Path file = folder.resolve(header);
        Images.write(file, labels(GRID));
        assertThat(Images.written(file)).containsExactly(file, folder.resolve(voxels));
        assertThat(Images.files(file)).containsExactly(file, folder.resolve(voxels));
        assertThat(Images.readLabels(file).values()).isEqualTo(labels(GRID).values());
        // as floats
        assertThat(Images.readLabels(file).geometry().sameGrid(GRID)).isTrue();
        assertThat(Images.inspect(file).findings()).isEmpty();
    }

    @Test
    void theVoxelsMayBePackedWhereTheHeaderIsNot() throws IOException {
        Path header = Files.copy(Resources.file("pair-packed.hdr.gz"), folder.resolve("a.hdr"));
        Files.copy(Resources.file("pair-packed.img.gz"), folder.resolve("a.img.gz"));
        assertThat(Images.read(header).values())
                .isEqualTo(Images.read(Resources.file("pair-packed.hdr.gz")).values());
    }

    @Test
    void aHeaderWithoutItsVoxelsSaysWhichFileIsMissing() throws IOException {
        Path header = Files.copy(Resources.file("pair.hdr"), folder.resolve("a.hdr"));
        assertThatIOException()
                .isThrownBy(() -> Images.info(header))
                .withMessage(header + ": its voxels should be in the file a.img, which is not there or may not be read."
                        + " Put it beside the header, under that name.");
        Files.write(folder.resolve("a.img"), new byte[47]);
        assertThatIOException()
                .isThrownBy(() -> Images.read(header))
                .withMessageContaining("48 bytes in all, but the file can hold no more than 47");
        Files.write(folder.resolve("a.img"), new byte[49]);
        assertThat(Images.inspect(header).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("1 bytes follow the voxels"));
        assertThatIOException()
                .isThrownBy(() -> Images.read(ImageSource.of("bytes", Files.readAllBytes(header))))
                .withMessageContaining("these are bytes alone");
    }

    @Test
    void voxelsThatALinkLeadsElsewhereAreReadWithAWarning() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path header = Files.copy(Resources.file("pair.hdr"), data.resolve("a.hdr"));
        Path real = Files.copy(Resources.file("pair.img"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(data.resolve("a.img"), real);
        ReadResult result = Images.inspect(header);
        assertThat(result.scan()).isPresent();
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.found()).contains("a.img", "elsewhere", "outside");
        });
    }

    /// ANALYZE 7.5 has no mark, and no word on where left is.
    @Test
    void analyzeIsRefused() throws IOException {
        ByteBuffer header = bytes(Resources.file("pair.hdr")).putInt(344, 0);
        Path file = Files.write(folder.resolve("a.hdr"), header.array());
        Files.copy(Resources.file("pair.img"), folder.resolve("a.img"));
        assertThatIOException().isThrownBy(() -> Images.read(file)).withMessageContainingAll("ANALYZE 7.5", "convert");
    }

    /// Counts of 65535 a label, as one program wrote them; the float scale makes 0.99998 of them.
    private Path scaled(float slope, int... stored) throws IOException {
        short[] values = new short[stored.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) stored[i];
        }
        Path file = folder.resolve("scaled.nii");
        Geometry grid = Geometry.identity(values.length, 1, 1);
        Images.write(file, grid, array(values));
        ByteBuffer header = bytes(file).putFloat(112, slope);
        return Files.write(file, header.array());
    }

    private static NumericArray array(short[] values) {
        return new NumericArray(List.of(1, 1, values.length), ElementType.UINT16, MemorySegment.ofArray(values));
    }

    @Test
    void labelsThatAScaleBringsNearWholeNumbersAreRoundedWithOneWarning() throws IOException {
        Path file = scaled(2 / 65535f, 0, 32767, 65534, 32767);
        assertThat(Images.read(file).values()[1]).isBetween(0.9999f, 0.99999f);
        assertThat(Images.readLabels(file).values()).containsExactly(0, 1, 2, 1);
        assertThat(Images.inspectLabels(file).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.toString()).contains("scaled by 3.05", "rounded", "0.001");
        });
        assertThat(Images.inspect(file).findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {32768 - 40, 32768 + 40, 16384})
    void whatIsFartherThanAThousandthIsNoLabel(int odd) throws IOException {
        Path file = scaled(2 / 65535f, 0, 32767, odd);
        assertThat(Images.inspectLabels(file).findings()).allMatch(finding -> !finding.isError());
        assertThatIOException().isThrownBy(() -> Images.readLabels(file)).withMessageContaining("hold no label");
    }

    @Test
    void colourVolumesAreChannelsWithoutAScale() throws IOException {
        ByteBuffer header = bytes(Resources.file("rgba.nii")).order(ByteOrder.LITTLE_ENDIAN);
        header.putFloat(112, 3).putFloat(116, 5);
        Path file = Files.write(folder.resolve("rgba.nii"), header.array());
        Volume volume = Images.read(file);
        assertThat(volume.channels()).isEqualTo(4);
        assertThat(volume.values())
                .isEqualTo(Images.read(Resources.file("rgba.nii")).values());
        assertThat(Images.inspect(file).findings()).extracting(Finding::found).isEmpty();
    }
}
