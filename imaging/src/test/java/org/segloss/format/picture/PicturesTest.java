package org.segloss.format.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.Finding;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

class PicturesTest {
    // pypng 0.20220715.0 wrote the PNG files, Pillow 13.0.0 the JPEG ones, whose numbers are what it reads
    // again: make-pictures.py
    private static final JsonNode EXPECTED = Resources.json("pictures.json");

    @TempDir
    Path folder;

    static Stream<String> names() {
        return EXPECTED.propertyNames().stream();
    }

    static Stream<String> palettes() {
        return names().filter(name -> EXPECTED.path(name).has("indices"));
    }

    /// JPEG exactly, too: both decoders go back to libjpeg's slow integer transform.
    @ParameterizedTest
    @MethodSource("names")
    void pixelsAreThoseOfTheOtherProgram(String name) throws IOException {
        JsonNode expected = EXPECTED.path(name);
        Volume image = Images.read(Resources.file(name));
        assertThat(image.channels()).isEqualTo(expected.path("channels").asInt());
        assertThat(image.geometry())
                .isEqualTo(Geometry.identity(
                        expected.path("width").asInt(), expected.path("height").asInt(), 1));
        double[] values = Resources.numbers(expected.path("values"));
        assertThat(image.values()).hasSize(values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat((double) image.values()[i]).as("number %d", i).isEqualTo(values[i]);
        }
        assertThat(Images.info(Resources.file(name))).isEqualTo(new ImageInfo(image.geometry(), image.channels()));
    }

    @ParameterizedTest
    @MethodSource("palettes")
    void labelsOfAPaletteAreItsIndices(String name) throws IOException {
        double[] indices = Resources.numbers(EXPECTED.path(name).path("indices"));
        byte[] labels =
                Images.inspectLabels(Resources.file(name)).orThrow().labels().values();
        for (int i = 0; i < indices.length; i++) {
            assertThat((double) (labels[i] & 0xFF)).as("pixel %d", i).isEqualTo(indices[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha-mask.png", "alpha-mask-gray.png"})
    void aMaskThatLiesInTheTransparencyIsSaid(String name) {
        ReadResult labels = Images.inspectLabels(Resources.file(name));
        assertThat(labels.scan()).isEmpty();
        assertThat(labels.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isTrue();
            assertThat(finding.found()).contains("transparency (alpha) differs", "the mask lies there");
            assertThat(finding.fix()).contains("-alpha extract");
        });
        ReadResult image = Images.inspect(Resources.file(name));
        assertThat(image.scan()).isPresent();
        assertThat(image.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.isError()).isFalse());
    }

    @Test
    void transparencyBesideAMaskIsLeftOut() throws IOException {
        ReadResult labels = Images.inspectLabels(Resources.file("alpha-and-gray.png"));
        assertThat(labels.findings()).isEmpty();
        assertThat(labels.orThrow().maskLabels().values()).containsOnly(0, 1);
    }

    @Test
    void anOrientationOfExifIsSaid() {
        assertThat(Images.inspect(Resources.file("turned.jpg")).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.isError()).isFalse();
                    assertThat(finding.found()).contains("orientation 6");
                    assertThat(finding.fix()).contains("as they are stored");
                });
        assertThat(Images.inspect(Resources.file("baseline.jpg")).findings()).isEmpty();
    }

    @Test
    void aJpegIsNoMask() {
        assertThat(Images.inspectLabels(Resources.file("gray.jpg")).findings())
                .singleElement()
                .extracting(Finding::toString)
                .asString()
                .contains("keeps colours roughly", "as PNG");
    }

    @Test
    void aJpegForPrintIsRefused() {
        assertThat(Images.inspect(Resources.file("cmyk.jpg")).findings())
                .singleElement()
                .extracting(Finding::toString)
                .asString()
                .contains("4 channels (CMYK", "Save it as gray or RGB");
    }

    @Test
    void aJpegThatClaimsMoreThanItsBytesHoldIsRefusedUnread() throws IOException {
        byte[] bytes = Files.readAllBytes(Resources.file("gray.jpg"));
        int frame = 0;
        while (bytes[frame] != (byte) 0xFF || bytes[frame + 1] != (byte) 0xC0) {
            frame++;
        }
        for (int i = 5; i < 9; i++) {
            bytes[frame + i] = 0x20;
        }
        Path file = Files.write(folder.resolve("a.jpg"), bytes);
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .extracting(Finding::toString)
                .asString()
                .contains("8224 x 8224 pixels", bytes.length + " bytes");
    }

    @Test
    void aPngWhoseSumsDoNotFitIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(Resources.file("filters.png"));
        bytes[bytes.length / 2] ^= 1;
        Path file = Files.write(folder.resolve("a.png"), bytes);
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .extracting(Finding::found)
                .asString()
                .contains("PNG data is damaged");
    }

    @Test
    void aJpegThatWasCutOffIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(Resources.file("baseline.jpg"));
        Path file = Files.write(folder.resolve("a.jpg"), Arrays.copyOf(bytes, bytes.length - 300));
        assertThat(Images.inspect(file).scan()).isEmpty();
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .extracting(Finding::found)
                .asString()
                .contains("JPEG data is damaged (the file was cut off)");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 2));
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.isError()).isFalse());
    }

    @Test
    void noDamagedJpegThrowsAnythingButIOException() throws IOException {
        CounterRandom random = CounterRandom.of(7, "mutations");
        List<String> names = names().filter(name -> name.endsWith(".jpg")).toList();
        int broken = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bytes = Files.readAllBytes(Resources.file(names.get(random.nextInt(names.size()))));
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ImageSource source = ImageSource.of(
                    "a.jpg",
                    random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1)) : bytes);
            try {
                Images.read(source);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("a.jpg: ");
                broken++;
            }
        }
        assertThat(broken).isBetween(100, 499);
    }
}
