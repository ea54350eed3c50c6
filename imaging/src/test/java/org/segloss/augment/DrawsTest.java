package org.segloss.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.image.Window;
import org.segloss.prep.PreparedCase;
import org.segloss.random.CounterRandom;

/// A transform more, or one that draws more, moves no draw of the others.
class DrawsTest {
    private static final PatchShape SHAPE = new PatchShape(4, 6, 8);
    private static final Window WINDOW = new Window(1, 2, 3, 4, 6, 8);
    private static final int VOXELS = 192;

    /// Draws, and changes nothing.
    record Idle(String name) implements IntensityTransform {
        @Override
        public double probability() {
            return 0.5;
        }

        @Override
        public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
            random.nextGaussian();
            random.nextLong();
        }
    }

    /// Draws, and leaves all voxels where they are or were to be.
    record Still(String name) implements SpatialTransform {
        @Override
        public double probability() {
            return 0.5;
        }

        @Override
        public void apply(Placement placement, CounterRandom random) {
            random.nextLong();
            placement.compose(Warp.IDENTITY);
        }
    }

    private static Patch draw(List<Transform> transforms, int channels, int number) {
        float[] values = new float[channels * 6 * 10 * 14];
        byte[] labels = new byte[6 * 10 * 14];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 37 + 11) % 101 / 50f - 1;
            labels[i % labels.length] = (byte) (i % 3);
        }
        var image = new Volume(Geometry.identity(14, 10, 6), channels, values);
        var patch = new Patch(SHAPE, channels, new float[channels * VOXELS], 0, new byte[VOXELS], new byte[VOXELS], 0);
        new Augmentation(new Augmentation.Plan(true, EnumSet.allOf(Axis.class)), transforms, Spacing.ONE, false)
                .fill(PreparedCase.of(image, labels, Set.of()), WINDOW, patch, new Draws(4, 7, number));
        return patch;
    }

    @Test
    void aTransformMoreMovesNoDrawOfTheOthers() {
        for (int at = 0; at <= Augmentation.TRANSFORMS.size(); at++) {
            for (Transform added : List.of(new Idle("idle"), new Still("still"))) {
                var more = new ArrayList<>(Augmentation.TRANSFORMS);
                more.add(at, added);
                for (int number = 0; number < 40; number++) {
                    assertThat(draw(more, 2, number))
                            .as("%s at %d, patch %d", added, at, number)
                            .usingRecursiveComparison()
                            .isEqualTo(draw(Augmentation.TRANSFORMS, 2, number));
                }
            }
        }
    }

    @Test
    void aChannelMoreMovesNoDrawOfTheOthers() {
        for (int number = 0; number < 40; number++) {
            Patch one = draw(Augmentation.TRANSFORMS, 1, number);
            assertThat(draw(Augmentation.TRANSFORMS, 2, number).images()).startsWith(one.images());
        }
    }

    @Test
    void noTwoTransformsHaveOneName() {
        assertThat(Augmentation.TRANSFORMS)
                .extracting(Transform::name)
                .doesNotHaveDuplicates()
                // its draws are made beside the list
                .doesNotContain("mirror");
    }

    @Test
    void seedStepSampleTransformAndChannelNameAStream() {
        var draws = new Draws(1, 2, 3);
        assertThat(List.of(
                        draws.of("noise").nextLong(),
                        draws.of("blur").nextLong(),
                        draws.of("noise", 0).nextLong(),
                        draws.of("noise", 1).nextLong(),
                        new Draws(0, 2, 3).of("noise").nextLong(),
                        new Draws(1, 0, 3).of("noise").nextLong(),
                        new Draws(1, 2, 0).of("noise").nextLong()))
                .doesNotHaveDuplicates();
        assertThat(draws.of("noise").nextLong())
                .isEqualTo(new Draws(1, 2, 3).of("noise").nextLong());
    }
}
