package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segloss.dataset.Case;
import org.segloss.dataset.Phantom;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.metric.Overlap;
import org.segloss.plan.Architecture;
import org.segloss.plan.Machine;
import org.segloss.plan.Overrides;
import org.segloss.plan.Preset;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.Predictor;
import org.segloss.prep.Fingerprint;

class UntrainedTest {

    /// What a comparison begins with, so that its Dice is owed to the training.
    @Test
    void aNetworkThatHasLearntNothingStaysBelowADiceOfOneFifth() {
        Phantom phantom = new Phantom(0);
        List<Case> test = IntStream.range(24, 34).mapToObj(phantom::generate).toList();
        TrainingPlan plan = TrainingPlan.automatic(
                Preset.QUICK,
                Overrides.NONE,
                List.of(Loss.parse("bce")),
                Task.binary(),
                Architecture.UNET,
                Fingerprint.of(
                        3, 1, test.stream().map(c -> c.image().geometry()).toList()),
                1,
                1,
                Machine.on("cpu"));
        try (Predictor untrained = Predictor.untrained(plan)) {
            double sum = 0;
            for (Case c : test) {
                sum += Overlap.of(
                                untrained.predict(c.image()).values(), c.label().values())
                        .dice();
            }
            assertThat(sum / test.size()).isLessThan(0.2);
        }
    }
}
