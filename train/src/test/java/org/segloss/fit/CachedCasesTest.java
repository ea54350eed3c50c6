package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.augment.Augmentation;
import org.segloss.dataset.Case;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.grid.Spacing;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.CaseValidator;
import org.segloss.prep.CaseCache;
import org.segloss.prep.Preprocessing;

/// Where prepared cases lie changes nothing.
class CachedCasesTest {
    private static final int STEPS = 12;
    private static final List<Case> CASES = Toy.balls(5);

    /// Bytes of one prepared case: 15 x 12 x 8 voxels of 4 + 5.
    private static final long CASE = 15 * 12 * 8 * 9;

    @TempDir
    Path folder;

    private static TrainingPlan plan() {
        TrainingPlan toy = Toy.plan("ce+dice", STEPS);
        var augmentation = new Augmentation.Plan(true, EnumSet.allOf(Augmentation.Axis.class));
        return new TrainingPlan(
                toy.loss(),
                toy.task(),
                // so that cases are resampled
                new Preprocessing(new Spacing(1, 1, 0.8)),
                toy.network(),
                toy.patch(),
                2,
                STEPS,
                new Recipe(Recipe.Optimizer.ADAMW, 1e-2, augmentation, 0, false),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
    }

    private Path train(String name, CaseCache cache, long room, Trainer.StepListener listener) throws IOException {
        TrainingPlan plan = plan();
        Path to = folder.resolve(name);
        Trainer.train(
                plan,
                new Patches(plan, CASES, cache, room),
                to,
                listener,
                Optional.of(new CaseValidator(plan, List.of(Toy.ball(7, 12, 12, 8)), CASES)),
                Optional.empty(),
                new LossEvaluator(plan.loss(), plan.task()),
                new CheckpointInterval());
        return to;
    }

    @Test
    void aTrainingLeavesTheSameBytesFromMemoryAndFromTheCache() throws IOException {
        CaseCache cache = CaseCache.in(folder.resolve("cache"), 1 << 20);
        Path memory = train("memory", cache, 5 * CASE, (_, _, _) -> {});
        assertThat(cache.contents().cases()).isZero();
        Path disk = train("disk", cache, 0, (_, _, _) -> {});
        assertThat(cache.contents().cases()).isEqualTo(5);
        cache.delete();
        var gone = new ArrayList<Integer>();
        Path both = train("both", cache, 2 * CASE, (step, _, _) -> {
            if (step == 3) {
                // by a user, or by another program that needs the room
                try {
                    gone.add(cache.delete().cases());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        assertThat(gone).containsExactly(3);
        assertThat(cache.contents().cases()).isPositive();
        for (Path other : List.of(disk, both)) {
            for (String file : List.of("checkpoint.safetensors", "training.csv", "validation.csv")) {
                assertThat(other.resolve(file)).hasSameBinaryContentAs(memory.resolve(file));
            }
        }
    }
}
