package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.segloss.augment.Augmentation;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;

class BatchLoaderTest {

    private static TrainingPlan plan() {
        TrainingPlan toy = Toy.plan("bce", 40);
        var augmentation = new Augmentation.Plan(true, EnumSet.allOf(Augmentation.Axis.class));
        Recipe recipe = new Recipe(Recipe.Optimizer.ADAMW, 1e-2, augmentation, 0, false);
        return new TrainingPlan(
                toy.loss(),
                toy.task(),
                Toy.VOXELS,
                toy.network(),
                toy.patch(),
                2,
                40,
                recipe,
                1,
                "cpu",
                1,
                Precision.FLOAT32);
    }

    @Test
    void givesEveryStepItsOwnBatchInOrder() throws IOException {
        Patches patches = new Patches(plan(), Toy.balls(5));
        PatchBatch expected = patches.room();
        try (BatchLoader loader = new BatchLoader(patches, 3, 40)) {
            for (int step = 3; step < 40; step++) {
                patches.draw(step, expected);
                assertThat(loader.next())
                        .as("step %d", step)
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
        }
    }
}
