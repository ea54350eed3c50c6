package org.segloss.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// A segmentation lies where its image does, for programs that read a header otherwise, too: nibabel takes the sform
/// first and ITK the qform, ITK reads micrometres and nibabel doesn't, and where there are no codes they differ.
class WriteLikeTest {
    @TempDir
    Path folder;

    /// Where NIfTI-1 has what programs place voxels by, from the standard: pixdim 0 to 3, units, both codes, the
    /// quaternion with its offset, and the sform's rows.
    private static final int[][] PLACE = {{76, 16}, {123, 1}, {252, 2}, {254, 2}, {256, 24}, {280, 48}};

    private static final Geometry GRID = Geometry.scaled(2, 3, 4, 0.7, 0.8, 2);

    private static ByteBuffer nifti(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path image(Geometry grid) throws IOException {
        Path image = folder.resolve("image.nii");
        Images.write(image, new Volume(grid, 1, new float[(int) grid.voxels()]));
        return image;
    }

    private ByteBuffer like(Path image, String name) throws IOException {
        Path file = folder.resolve(name);
        Geometry grid = Images.info(image).geometry();
        byte[] labels = new byte[(int) grid.voxels()];
        labels[1] = 3;
        Images.writeLike(image, file, new Labels(grid, labels));
        Labels read = Images.readLabels(file);
        assertThat(read.values()).isEqualTo(labels);
        assertThat(read.geometry()).isEqualTo(grid);
        return nifti(file);
    }

    private static void assertSamePlace(ByteBuffer image, ByteBuffer labels) {
        for (int[] part : PLACE) {
            assertThat(Arrays.copyOfRange(labels.array(), part[0], part[0] + part[1]))
                    .as("bytes from %d on", part[0])
                    .containsExactly(Arrays.copyOfRange(image.array(), part[0], part[0] + part[1]));
        }
    }

    @Test
    void unitsCodesAndBothFormsAreTheImages() throws IOException {
        Path image = image(GRID);
        ByteBuffer header = nifti(image);
        // micrometres and seconds, a scanner's qform that differs from a template's sform, sizes of neither
        header.put(123, (byte) (3 | 8))
                .putShort(252, (short) 1)
                .putShort(254, (short) 4)
                .putFloat(76, -1)
                .putFloat(80, 0.75f)
                .putFloat(256, 0.5f)
                .putFloat(260, 0.5f)
                .putFloat(268, 40)
                .putFloat(292, -30);
        Files.write(image, header.array());
        ByteBuffer labels = like(image, "labels.nii");
        assertSamePlace(header, labels);
        // what is no place is not the image's: uint8 without scale
        assertThat(labels.getShort(70)).isEqualTo((short) 2);
        assertThat(labels.getFloat(112)).isEqualTo(1);
    }

    @Test
    void noCodesStayNone() throws IOException {
        Path image = image(GRID);
        ByteBuffer header = nifti(image);
        header.putShort(252, (short) 0).putShort(254, (short) 0);
        Files.write(image, header.array());
        assertSamePlace(header, like(image, "labels.nii"));
    }

    @Test
    void aPackedImageInTheOtherByteOrderIsTakenOverToo() throws IOException {
        Path image = image(GRID);
        ByteBuffer header = nifti(image).putShort(252, (short) 1).put(123, (byte) 1);
        ByteBuffer swapped = ByteBuffer.allocate(header.capacity());
        for (int at : new int[] {0, 108, 112, 116}) {
            swapped.putInt(at, header.getInt(at));
        }
        for (int at = 76; at < 108; at += 4) {
            swapped.putInt(at, header.getInt(at));
        }
        for (int at = 256; at < 328; at += 4) {
            swapped.putInt(at, header.getInt(at));
        }
        for (int at = 40; at < 56; at += 2) {
            swapped.putShort(at, header.getShort(at));
        }
        for (int at : new int[] {70, 72, 252, 254}) {
            swapped.putShort(at, header.getShort(at));
        }
        swapped.put(123, header.get(123)).put(344, header.array(), 344, 4);
        Path packed = folder.resolve("packed.nii.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(swapped.array());
        }
        assertThat(Images.info(packed).geometry()).isEqualTo(Images.info(image).geometry());
        assertSamePlace(header, like(packed, "labels.nii"));
    }

    /// Programs of ITK count axes.
    @Test
    void aPlaneOfTwoAxesStaysOne() throws IOException {
        Path image = image(Geometry.scaled(2, 3, 1, 0.7, 0.8, 1));
        ByteBuffer header = nifti(image);
        header.putShort(40, (short) 2).putFloat(88, 0);
        Files.write(image, header.array());
        ByteBuffer labels = like(image, "labels.nii");
        assertSamePlace(header, labels);
        assertThat(labels.getShort(40)).isEqualTo((short) 2);
    }

    @Test
    void channelsAreNoPartOfThePlace() throws IOException {
        Path image = folder.resolve("channels.nii");
        Images.write(image, new Volume(GRID, 5, new float[5 * 24]));
        ByteBuffer labels = like(image, "labels.nii");
        assertThat(labels.getShort(40)).isEqualTo((short) 3);
        assertThat(labels.getShort(48)).isEqualTo((short) 1);
        assertSamePlace(nifti(image), labels);
    }

    @Test
    void ofAnotherFormatOrGridTheAffineAloneIsWritten() throws IOException {
        Path meta = folder.resolve("image.mha");
        Images.write(meta, new Volume(GRID, 1, new float[24]));
        Path plain = folder.resolve("plain.nii");
        Images.write(plain, new Labels(GRID, new byte[24]));
        Path like = folder.resolve("like.nii");
        Images.writeLike(meta, like, new Labels(GRID, new byte[24]));
        assertThat(like).hasSameBinaryContentAs(plain);
        Path other = image(Geometry.scaled(2, 3, 4, 1, 1, 1));
        Images.writeLike(other, like, new Labels(GRID, new byte[24]));
        assertThat(like).hasSameBinaryContentAs(plain);
    }

    /// The lines of a MetaImage's header without those about its voxels.
    private static List<String> placeLines(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .takeWhile(line -> !line.startsWith("ElementDataFile"))
                .filter(line -> !line.matches("(Compressed|ElementType|BinaryData).*"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels.mha", "labels.mhd"})
    void aMetaImageTakesOverItsImagesWords(String name) throws IOException {
        Path image = folder.resolve("image.mha");
        String header = """
                ObjectType = Image
                NDims = 2
                Rotation = 0 -1 1 0
                Position = 1e1 -2.50
                CenterOfRotation = 3 4
                AnatomicalOrientation = ??
                DistanceUnits = um
                ElementSpacing = 0.100 0.2
                DimSize = 3 2
                ElementType = MET_UCHAR
                ElementDataFile = LOCAL
                """;
        Files.write(image, (header + "......").getBytes(StandardCharsets.ISO_8859_1));
        Path file = folder.resolve(name);
        Geometry grid = Images.info(image).geometry();
        Images.writeLike(image, file, new Labels(grid, new byte[] {0, 1, 2, 0, 0, 3}));
        assertThat(placeLines(file)).containsExactlyElementsOf(placeLines(image));
        assertThat(Images.readLabels(file).geometry()).isEqualTo(grid);
        assertThat(Images.readLabels(file).values()).containsExactly(0, 1, 2, 0, 0, 3);
    }
}
