package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.segloss.dataset.Case;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Normalization;

class PatchesTest {

    private static TrainingPlan plan(String loss, int dimensions, Integer... patch) {
        return plan(Task.binary(), loss, dimensions, patch);
    }

    private static TrainingPlan plan(Task task, String loss, int dimensions, Integer... patch) {
        NetworkPlan network = new NetworkPlan(Architecture.UNET, dimensions, 1, 1, 4, 2, 1);
        return new TrainingPlan(
                Loss.parse(loss),
                task,
                Toy.VOXELS,
                network,
                List.of(patch),
                2,
                10,
                Recipe.plain(Recipe.Optimizer.ADAMW, 1e-3),
                5,
                "cpu",
                1,
                Precision.FLOAT32);
    }

    private static PatchBatch draw(Patches patches, int t) {
        PatchBatch batch = patches.room();
        patches.draw(t, batch);
        return batch;
    }

    /// One foreground voxel in a corner of many.
    private static Case speck() {
        Geometry grid = Geometry.identity(40, 40, 8);
        float[] values = new float[40 * 40 * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        byte[] labels = new byte[values.length];
        labels[0] = 1;
        return new Case("speck", new Volume(grid, 1, values), new Labels(grid, labels));
    }

    @Test
    void everyLossSeesTheSamePatches() throws IOException {
        Patches bce = new Patches(plan("bce", 3, 4, 8, 8), Toy.balls(5));
        Patches dice = new Patches(plan("dice", 3, 4, 8, 8), Toy.balls(5));
        for (int t = 9; t >= 0; t--) {
            draw(dice, t);
        }

        assertThat(draw(dice, 7)).usingRecursiveComparison().isEqualTo(draw(bce, 7));
        assertThat(draw(dice, 8).images()).isNotEqualTo(draw(bce, 7).images());
    }

    @Test
    void halfOfThePatchesHoldForeground() throws IOException {
        Patches patches = new Patches(plan("bce", 3, 4, 8, 8), List.of(speck()));
        int hits = 0;
        for (int t = 0; t < 500; t++) {
            PatchBatch batch = draw(patches, t);
            assertThat(batch.padded()).isFalse();
            for (int i = 0; i < 2; i++) {
                // the speck is the image's first voxel, so it is the patch's first too
                hits += batch.labels()[i * 256];
            }
        }
        // of 1000, half and 1 of 5*33*33: the standard deviation is 16
        assertThat(hits).isCloseTo(500, within(64));
    }

    @Test
    void anImageAsLargeAsThePatchIsSeenWhole() throws IOException {
        Case ball = Toy.ball(0, 12, 12, 8);
        PatchBatch batch = draw(new Patches(plan("bce", 3, 8, 12, 12), List.of(ball)), 0);

        float[] expected = Normalization.apply(ball.image(), Map.of()).values();
        assertThat(batch.padded()).isFalse();
        assertThat(batch.images()).startsWith(expected).endsWith(expected);
        assertThat(batch.labels()).startsWith(ball.label().values());
    }

    @Test
    void aSmallerImageStandsInTheMiddleAndTheRestDoesNotCount() throws IOException {
        Case ball = Toy.ball(0, 12, 12, 1);
        PatchBatch batch = draw(new Patches(plan("bce", 3, 4, 16, 16), List.of(ball)), 0);

        assertThat(batch.padded()).isTrue();
        for (int i = 0; i < batch.inside().length; i++) {
            int x = i % 16;
            int y = i / 16 % 16;
            int z = i / 256 % 4;
            boolean inside = x >= 2 && x < 14 && y >= 2 && y < 14 && z == 1;
            assertThat(batch.inside()[i]).as("%d %d %d", z, y, x).isEqualTo((byte) (inside ? 1 : 0));
        }
    }

    @Test
    void aLabelThatTheTaskDoesNotKnowIsNamedWithItsCase() throws IOException {
        Case ball = Toy.ball(3, 12, 12, 8);
        ball.label().values()[5] = 2;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Patches(plan("bce", 3, 4, 8, 8), List.of(ball)))
                .withMessage("case ball3 has label 2, but the task knows 0 to 1");
    }

    /// Of 40 voxels along x the first ten count: three of four patches anywhere would hold nothing to learn from.
    @Test
    void aPatchHoldsAVoxelThatIsNotIgnored() throws IOException {
        Case speck = speck();
        byte[] labels = speck.label().values();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i % 40 < 10 ? labels[i] : i % 2 == 0 ? 255 : 254);
        }
        Task task = Task.binary().ignoring(254, 255);
        Patches patches = new Patches(plan(task, "bce", 3, 4, 8, 8), List.of(speck));
        int hits = 0;
        int left = 0;
        for (int t = 0; t < 200; t++) {
            PatchBatch batch = draw(patches, t);
            for (int i = 0; i < 2; i++) {
                int known = 0;
                for (int voxel = 0; voxel < 256; voxel++) {
                    known += (batch.labels()[256 * i + voxel] & 0xFF) < 2 ? 1 : 0;
                }
                assertThat(known).isPositive();
                left += known == 256 ? 1 : 0;
                hits += batch.labels()[256 * i];
            }
        }
        // of 400, half around the speck, the only foreground, and three of the ten places that hold one of the others
        assertThat(hits).isCloseTo(200, within(40));
        assertThat(left).isCloseTo(200 + 60, within(40));
    }

    /// One of 12,800 voxels, which is background.
    @Test
    void theOneVoxelThatCountsIsFound() throws IOException {
        Case speck = speck();
        Arrays.fill(speck.label().values(), (byte) 255);
        speck.label().values()[5000] = 0;
        Patches patches = new Patches(plan(Task.binary().ignoring(255), "bce", 3, 4, 8, 8), List.of(speck));
        for (int t = 0; t < 20; t++) {
            assertThat(draw(patches, t).labels()).contains(0);
        }
    }

    @Test
    void aCaseWithoutAVoxelThatCountsIsNotDrawnFrom() throws IOException {
        Case ball = Toy.ball(0, 12, 12, 8);
        Case ignored = Toy.ball(1, 12, 12, 8);
        Arrays.fill(ignored.label().values(), (byte) 255);
        TrainingPlan plan = plan(Task.binary().ignoring(255), "bce", 3, 8, 12, 12);
        Patches both = new Patches(plan, List.of(ignored, ball));
        Patches one = new Patches(plan, List.of(ball));
        for (int t = 0; t < 10; t++) {
            assertThat(draw(both, t)).usingRecursiveComparison().isEqualTo(draw(one, t));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Patches(plan, List.of(ignored)))
                .withMessage(
                        "every voxel of every training case has an ignored label (255); there is nothing to learn from");
    }

    @Test
    void noCasesNoTraining() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Patches(plan("bce", 3, 4, 8, 8), List.of()))
                .withMessage("there is no case to train on");
    }
}
