package org.segloss.format.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.format.Formats;
import org.segloss.format.ImageInfo;
import org.segloss.format.Images;
import org.segloss.format.Resources;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

class PngTest {
    // Pillow 13.0.0: the images that make-npy-png.py saved
    private static final JsonNode PILLOW = Resources.json("arrays.json");

    @TempDir
    Path folder;

    static Stream<String> names() {
        return PILLOW.propertyNames().stream().filter(name -> name.endsWith(".png"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void pixelsAreThoseThatPillowSaved(String name) throws IOException {
        Volume image = Images.read(Resources.file(name));
        double[] shape = Resources.numbers(PILLOW.path(name).path("shape"));
        assertThat(image.channels()).isEqualTo((int) shape[0]);
        assertThat(image.geometry()).isEqualTo(Geometry.identity((int) shape[3], (int) shape[2], 1));
        double[] expected = Resources.numbers(PILLOW.path(name).path("values"));
        assertThat(image.values()).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) image.values()[i]).as("pixel %d", i).isEqualTo(expected[i]);
        }
        assertThat(Images.info(Resources.file(name))).isEqualTo(new ImageInfo(image.geometry(), image.channels()));
    }

    @Test
    void labelsOfAPaletteImageAreItsIndices() throws IOException {
        double[] expected = Resources.numbers(PILLOW.path("palette.png").path("indices"));
        byte[] labels = Images.readLabels(Resources.file("palette.png")).values();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) labels[i]).isEqualTo(expected[i]);
        }
    }

    @Test
    void aColouredImageIsNoSegmentation() {
        assertThatIOException()
                .isThrownBy(() -> Images.readLabels(Resources.file("rgb.png")))
                .withMessageContaining("it has 3 channels");
        assertThatIOException()
                .isThrownBy(() -> Images.readLabels(Resources.file("gray16.png")))
                .withMessageContaining("hold no label");
    }

    @Test
    void labelsAndMasksAreReadBack() throws IOException {
        var labels = new Labels(Geometry.identity(3, 2, 1), new byte[] {0, 1, 2, 3, 2, (byte) 200});
        Images.write(folder.resolve("labels.png"), labels);
        assertThat(Images.readLabels(folder.resolve("labels.png")).values()).isEqualTo(labels.values());
        Path mask = folder.resolve("mask.png");
        Images.write(mask, Images.mask(mask, labels));
        assertThat(Images.read(folder.resolve("mask.png")).values()).containsExactly(0, 255, 255, 255, 255, 255);
        assertThat(Images.readLabels(folder.resolve("mask.png")).values()).containsExactly(0, 1, 1, 1, 1, 1);
    }

    @Test
    void aVolumeDoesNotFitIntoAPng() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Images.write(folder.resolve("a.png"), new Labels(Geometry.identity(2, 2, 2), new byte[8])))
                .withMessageContaining("2 x 2 x 2");
    }

    @Test
    void aHeaderThatClaimsMoreThanTheFileCanHoldIsRefusedUnread() throws IOException {
        byte[] bytes = Files.readAllBytes(Resources.file("gray8.png"));
        ByteBuffer.wrap(bytes).putInt(16, 30_000).putInt(20, 30_000);
        Path file = Files.write(folder.resolve("a.png"), bytes);
        assertThatIOException()
                .isThrownBy(() -> Images.read(file))
                .withMessageContaining("30000 x 30000 pixels")
                .withMessageContaining(bytes.length + " bytes");
    }

    @Test
    void noDamagedFileThrowsAnythingButIOException() throws IOException {
        CounterRandom random = CounterRandom.of(6, "mutations");
        List<String> names = names().toList();
        Path file = folder.resolve("a.png");
        int broken = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] bytes = Files.readAllBytes(Resources.file(names.get(random.nextInt(names.size()))));
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
            assertThatCode(() -> Images.inspect(file)).as("round %d", i).doesNotThrowAnyException();
            broken += Images.inspect(file).scan().isEmpty() ? 1 : 0;
        }
        assertThat(broken).isBetween(300, 1499);
    }

    @Test
    void endingsAreTakenOffInSmallAndLargeLetters() throws IOException {
        assertThat(Formats.IMAGES.withoutEnding(Path.of("x", "a.b.nii.gz"))).isEqualTo("a.b");
        assertThat(Formats.IMAGES.withoutEnding(Path.of("A.NII.GZ"))).isEqualTo("A");
        assertThat(Formats.IMAGES.withoutEnding(Path.of("a.Png"))).isEqualTo("a");
        assertThat(Formats.IMAGES.withoutEnding(Path.of("a.gif"))).isEqualTo("a.gif");
        var labels = new Labels(Geometry.identity(2, 1, 1), new byte[] {0, 1});
        Images.write(folder.resolve("A.PNG"), labels);
        assertThat(Images.readLabels(folder.resolve("A.PNG")).values()).containsExactly(0, 1);
        Images.write(folder.resolve("A.NII.GZ"), labels);
        assertThat(Files.readAllBytes(folder.resolve("A.NII.GZ"))).startsWith(0x1F, 0x8B);
    }
}
