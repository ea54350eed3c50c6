package org.segloss.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.image.Window;
import org.segloss.prep.PreparedCase;

class AugmentationTest {
    private static final PatchShape SHAPE = new PatchShape(4, 6, 8);
    private static final Window WINDOW = new Window(1, 2, 3, 4, 6, 8);

    /// Labels that say which way their voxel lies, and the same as an image of two channels.
    private static final byte[] LABELS = labels();

    private static final Volume IMAGE = image();
    private static final PreparedCase PREPARED = PreparedCase.of(IMAGE, LABELS, Set.of());

    private static byte[] labels() {
        byte[] labels = new byte[6 * 10 * 14];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i / 140 * 36 + i / 14 % 10 * 2 + i % 14);
        }
        return labels;
    }

    private static Volume image() {
        float[] values = new float[2 * LABELS.length];
        for (int i = 0; i < LABELS.length; i++) {
            values[i] = LABELS[i] & 0xFF;
            values[LABELS.length + i] = -values[i];
        }
        return new Volume(Geometry.identity(14, 10, 6), 2, values);
    }

    private static Patch draw(Augmentation.Plan plan, Spacing spacing, int number) {
        Patch patch = new Patch(SHAPE, 2, new float[5 + 2 * 192], 5, new byte[7 + 192], new byte[7 + 192], 7);
        new Augmentation(plan, spacing, false).fill(PREPARED, WINDOW, patch, new Draws(4, 0, number));
        return patch;
    }

    private static Patch draw(Augmentation.Plan plan, int number) {
        return draw(plan, Spacing.ONE, number);
    }

    private static final Augmentation.Plan ALL = new Augmentation.Plan(true, EnumSet.allOf(Axis.class));

    @Test
    void noneShowsTheWindowAsItIs() {
        Patch patch = draw(Augmentation.Plan.NONE, 0);
        float[] expected = new float[2 * 192];
        WINDOW.copy(IMAGE, expected, 0);
        assertThat(patch.images()).startsWith(0, 0, 0, 0, 0).endsWith(expected);
        for (int i = 0; i < 192; i++) {
            assertThat(patch.labels()[7 + i] & 0xFF).isEqualTo((int) expected[i]);
            assertThat(patch.inside()[7 + i]).isEqualTo((byte) 1);
        }
    }

    @Test
    void whatComesOutIsDecidedByTheStreamAlone() {
        for (int number = 0; number < 20; number++) {
            assertThat(draw(ALL, number)).usingRecursiveComparison().isEqualTo(draw(ALL, number));
        }
        assertThat(draw(ALL, 1).images()).isNotEqualTo(draw(ALL, 2).images());
    }

    @Test
    void eachAxisIsMirroredInHalfOfThePatchesWithItsLabels() {
        var mirrored = new Augmentation.Plan(false, Set.of(Axis.Z, Axis.X));
        float[] expected = new float[2 * 192];
        WINDOW.copy(IMAGE, expected, 0);
        int[] seen = new int[4];
        int draws = 400;
        for (int number = 0; number < draws; number++) {
            Patch patch = draw(mirrored, number);
            for (int kind = 0; kind < 4; kind++) {
                boolean same = true;
                for (int i = 0; i < 192; i++) {
                    int z = (kind & 1) == 0 ? i / 48 : 3 - i / 48;
                    int x = (kind & 2) == 0 ? i % 8 : 7 - i % 8;
                    int source = z * 48 + i / 8 % 6 * 8 + x;
                    same &= patch.images()[5 + i] == expected[source]
                            && patch.images()[5 + 192 + i] == -expected[source]
                            && (patch.labels()[7 + i] & 0xFF) == expected[source];
                }
                seen[kind] += same ? 1 : 0;
            }
        }
        // 100 each with a standard deviation of 9
        assertThat(seen[0] + seen[1] + seen[2] + seen[3]).isEqualTo(draws);
        for (int kind : seen) {
            assertThat(kind).isCloseTo(draws / 4, within(36));
        }
    }

    @Test
    void changesAreAsFrequentAsTheTableSays() {
        var changes = new Augmentation.Plan(true, Set.of());
        float[] expected = new float[2 * 192];
        WINDOW.copy(IMAGE, expected, 0);
        int draws = 4000;
        int moved = 0;
        int untouched = 0;
        for (int number = 0; number < draws; number++) {
            Patch patch = draw(changes, number);
            boolean sameLabels = true;
            boolean sameImage = true;
            for (int i = 0; i < 192; i++) {
                sameLabels &= (patch.labels()[7 + i] & 0xFF) == expected[i];
                sameImage &= patch.images()[5 + i] == expected[i];
            }
            moved += sameLabels ? 0 : 1;
            untouched += sameImage ? 1 : 0;
        }
        double still = 0.8 * 0.8 * 0.9;
        // an eighth of the low resolutions keeps all of 4, 6 and 8 voxels
        double left = 0.9 * 0.9 * 0.85 * 0.85 * (1 - 0.125 * 7 / 8) * 0.9 * 0.7;
        // a standard deviation of 0.006
        assertThat((double) untouched / draws).isEqualTo(still * left, within(0.012));
        // some turns are too slight to move a label of so small a patch
        assertThat((double) moved / draws).isBetween(0.3, 1 - still);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void slicesFarApartAreNotMixed(int axis) {
        Geometry grid = IMAGE.geometry();
        byte[] slices = new byte[6 * 10 * 14];
        float[] values = new float[2 * slices.length];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = (byte) new int[] {i / 140, i / 14 % 10, i % 14}[axis];
            values[i] = slices[i];
        }
        double[] edges = {1, 1, 1};
        edges[axis] = 4;
        var augmentation = new Augmentation(
                new Augmentation.Plan(true, Set.of()), new Spacing(edges[0], edges[1], edges[2]), false);
        int moved = 0;
        for (int number = 0; number < 300; number++) {
            Patch patch = new Patch(SHAPE, 2, new float[2 * 192], 0, new byte[192], new byte[192], 0);
            augmentation.fill(
                    PreparedCase.of(new Volume(grid, 2, values), slices, Set.of()),
                    WINDOW,
                    patch,
                    new Draws(4, 0, number));
            for (int i = 0; i < 192; i++) {
                int slice = new int[] {WINDOW.z() + i / 48, WINDOW.y() + i / 8 % 6, WINDOW.x() + i % 8}[axis];
                assertThat(patch.labels()[i]).isEqualTo((byte) slice);
                moved += patch.inside()[i] == 0 ? 1 : 0;
            }
        }
        assertThat(moved)
                .as("voxels from beyond the image's edge, within slices")
                .isPositive();
    }

    @Test
    void whatLiesOutsideIsMirroredToo() {
        var mirrored = new Augmentation.Plan(false, Set.of(Axis.Z));
        boolean[] seen = new boolean[2];
        for (int number = 0; number < 20; number++) {
            Patch patch = new Patch(SHAPE, 2, new float[2 * 192], 0, new byte[192], new byte[192], 0);
            new Augmentation(mirrored, Spacing.ONE, false)
                    .fill(PREPARED, new Window(-2, 0, 0, 4, 6, 8), patch, new Draws(4, 0, number));
            boolean turned = patch.inside()[0] == 1;
            seen[turned ? 1 : 0] = true;
            for (int i = 0; i < 192; i++) {
                assertThat(patch.inside()[i]).isEqualTo((byte) (i / 96 == (turned ? 0 : 1) ? 1 : 0));
            }
        }
        assertThat(seen).containsExactly(true, true);
    }

    @Test
    void whatLiesOutsideOfTheImageIsMarked() {
        var changes = new Augmentation.Plan(true, EnumSet.allOf(Axis.class));
        Window over = new Window(-2, 0, 0, 4, 6, 8);
        int outside = 0;
        for (int number = 0; number < 100; number++) {
            Patch patch = new Patch(SHAPE, 2, new float[2 * 192], 0, new byte[192], new byte[192], 0);
            new Augmentation(changes, Spacing.ONE, false).fill(PREPARED, over, patch, new Draws(4, 0, number));
            for (byte in : patch.inside()) {
                outside += 1 - in;
            }
        }
        // about half of each patch
        assertThat(outside / 100.0 / 192).isBetween(0.45, 0.6);
    }
}
