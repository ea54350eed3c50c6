package org.segloss.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;

class ImageSourceTest {
    private static final Geometry PLANE = Geometry.identity(3, 2, 1);
    private static final byte[] LABELS = {0, 1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a.nii", "a.nii.gz", "a.png", "a.mha"})
    void bytesHoldWhatTheirFileHolds(String name) throws IOException {
        Path file = folder.resolve(name);
        Images.write(file, new Labels(PLANE, LABELS));
        byte[] bytes = Files.readAllBytes(file);

        // a name that says nothing of the format: the bytes do
        assertThat(Images.readLabelMap(ImageSource.of("row 7", bytes), List.of())
                        .values())
                .isEqualTo(Images.readLabelMap(file).values());
        assertThat(Images.read(ImageSource.of("row 7", new ByteArrayInputStream(bytes)))
                        .values())
                .isEqualTo(Images.read(file).values());
        assertThat(Images.info(ImageSource.of("row 7", bytes))).isEqualTo(Images.info(file));
    }

    @Test
    void aStreamIsReadToItsEndAndStaysOpen() throws IOException {
        Path file = folder.resolve("a.nii");
        Images.write(file, new Labels(PLANE, LABELS));
        var closed = new boolean[1];
        var in = new ByteArrayInputStream(Files.readAllBytes(file)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        Images.readLabelMap(ImageSource.of("a stream", in), List.of());
        assertThat(in.available()).isZero();
        assertThat(closed[0]).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.nii", "a.nii.gz", "a.png", "a.mha"})
    void bytesThatBreakOffAreSaidByTheirName(String name) throws IOException {
        Path file = folder.resolve(name);
        Images.write(file, new Labels(PLANE, LABELS));
        byte[] bytes = Files.readAllBytes(file);
        byte[] cut = Arrays.copyOf(bytes, name.endsWith(".png") ? bytes.length / 2 : bytes.length - 2);
        assertThatThrownBy(() -> Images.readLabelMap(ImageSource.of("row 7", cut), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("row 7: ");
    }

    @Test
    void whatIsNoImageIsSaid() {
        assertThatThrownBy(() -> Images.readLabelMap(ImageSource.of("row 7", new byte[0]), List.of()))
                .hasMessage("row 7: there are no bytes. Check where they come from.");
        assertThatThrownBy(() -> Images.readLabelMap(ImageSource.of("row 7", new byte[] {1, 2, 3}), List.of()))
                .hasMessageContaining("row 7: this is no image of a kind that is known here");
    }

    @Test
    void bytesOfAHeaderHaveNoVoxels() throws IOException {
        Path file = folder.resolve("a.mhd");
        Images.write(file, new Labels(PLANE, LABELS));
        byte[] header = Files.readAllBytes(file);
        assertThatThrownBy(() -> Images.readLabelMap(ImageSource.of("row 7", header), List.of()))
                .hasMessageStartingWith("row 7: its voxels lie in another file, a.zraw, ")
                .hasMessageEndingWith(
                        "and these are bytes alone. Read it by its path, or store it as one file (.mha).");
    }
}
