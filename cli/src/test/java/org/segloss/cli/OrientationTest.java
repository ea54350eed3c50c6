package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;

/// Volumes in every order and direction of axes in which programs store them.
class OrientationTest {
    private static final int WAYS = 48;
    private static final double C = Math.cos(Math.toRadians(20));
    private static final double S = Math.sin(Math.toRadians(20));

    /// Tilted by 20 degrees.
    private static final Geometry GRID =
            new Geometry(10, 9, 8, new double[] {C, -1.5 * S, 0, -3, S, 1.5 * C, 0, 7, 0, 0, 2, 1, 0, 0, 0, 1});

    @TempDir
    Path root;

    private static Volume image(int number) {
        float[] values = new float[(int) GRID.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = labels(number).values()[i] * 50 + i * (37 + number) % 11;
        }
        return new Volume(GRID, 1, values);
    }

    private static Labels labels(int number) {
        byte[] values = new byte[(int) GRID.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 10 > number && i / 10 % 9 > 4 && i / 90 > 2 ? 1 : 0);
        }
        return new Labels(GRID, values);
    }

    /// {@return the way from the grid to the same one, stored in one of 48 ways}
    private static Reorientation way(int way) {
        List<List<Integer>> orders = List.of(
                List.of(0, 1, 2),
                List.of(0, 2, 1),
                List.of(1, 0, 2),
                List.of(1, 2, 0),
                List.of(2, 0, 1),
                List.of(2, 1, 0));
        int[] size = {GRID.x(), GRID.y(), GRID.z()};
        List<Integer> axes = orders.get(way / 8);
        double[] m = GRID.affine();
        double[] affine = m.clone();
        for (int row = 0; row < 3; row++) {
            for (int axis = 0; axis < 3; axis++) {
                double step = m[4 * row + axes.get(axis)];
                boolean backward = (way >> axis & 1) > 0;
                affine[4 * row + axis] = backward ? -step : step;
                affine[4 * row + 3] += backward ? (size[axes.get(axis)] - 1) * step : 0;
            }
        }
        var stored = new Geometry(size[axes.get(0)], size[axes.get(1)], size[axes.get(2)], affine);
        return Reorientation.between(GRID, stored).orElseThrow();
    }

    private Path train(String name, int... ways) throws IOException {
        Path data = root.resolve(name);
        for (int i = 0; i < ways.length; i++) {
            Files.createDirectories(data.resolve("images"));
            Files.createDirectories(data.resolve("masks"));
            Images.write(
                    data.resolve("images/%d.nii".formatted(i)), way(ways[i]).turn(image(i)));
            Images.write(data.resolve("masks/%d.nii".formatted(i)), way(ways[i]).turn(labels(i)));
        }
        Call valid = segloss("validate", data);
        assertThat(valid.status()).as(valid.out()).isZero();
        assertThat(valid.out()).doesNotContain("warning");
        Path trained = root.resolve(name + "-trained");
        Call train = segloss(
                "train", "--data", data, "--loss", "dice", "--steps", 2, "--test", 1, "--threads", 1, "--out", trained);
        assertThat(train.status()).as(train.err()).isZero();
        return trained.resolve("checkpoint.safetensors");
    }

    @Test
    void aNetworkLearnsAndSaysTheSameHoweverImagesAreStored() throws IOException {
        Path checkpoint = train("canonical", 0, 0, 0);
        assertThat(train("others", 3, 23, 44)).hasSameBinaryContentAs(checkpoint);
        Path images = root.resolve("images");
        for (int i = 0; i < WAYS; i++) {
            Images.write(images.resolve("%d.nii.gz".formatted(i)), way(i).turn(image(0)));
        }
        Path out = root.resolve("predicted");
        Path maps = root.resolve("probabilities");
        Call predict = segloss(
                "predict", "--checkpoint", checkpoint, "--image", images, "--out", out, "--probabilities", maps);
        assertThat(predict.status()).as(predict.err()).isZero();
        var first = new ArrayList<float[]>();
        for (int i = 0; i < WAYS; i++) {
            String name = "%d.nii.gz".formatted(i);
            Volume labels = Images.read(out.resolve(name));
            Volume map = Images.read(maps.resolve(name));
            // as NiBabel and SimpleITK would have it: the image's own words on its grid
            assertThat(labels.geometry())
                    .isEqualTo(Images.info(images.resolve(name)).geometry());
            assertThat(map.geometry()).isEqualTo(labels.geometry());
            Reorientation back = Reorientation.between(labels.geometry(), GRID).orElseThrow();
            first.add(back.turn(labels).values());
            first.add(back.turn(map).values());
            assertThat(back.turn(labels).values()).isEqualTo(first.get(0));
            assertThat(back.turn(map).values()).isEqualTo(first.get(1));
        }

        assertThat(first.get(1)[0]).isNotEqualTo(first.get(1)[500]);
    }
}
