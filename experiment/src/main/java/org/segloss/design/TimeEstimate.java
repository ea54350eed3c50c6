package org.segloss.design;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.segloss.dataset.Case;
import org.segloss.fit.Trainer;
import org.segloss.predict.CaseValidator;
import org.segloss.predict.Predictor;
import org.segloss.run.Durations;

/// About how long a job takes on this machine, measured by a few steps.
///
/// @param steps       of the training
/// @param step        one of them
/// @param training    all of them with the looks at the validation cases
/// @param predictions of the test cases
public record TimeEstimate(int steps, Duration step, Duration training, Duration predictions) {

    public static TimeEstimate of(CaseValidator validator, List<Case> test) throws IOException {
        Duration step = Trainer.stepTime(validator.plan(), validator.training());
        int steps = validator.plan().steps();
        return new TimeEstimate(
                steps,
                step,
                step.multipliedBy(steps).plus(validator.time(step)),
                Predictor.time(validator.plan(), test, step));
    }

    /// {@return a sentence}
    ///
    /// @param jobs how many such jobs there are to do
    public String text(int jobs) {
        return "A training of %d steps takes about %s here, %s a step; with predictions %s%s"
                .formatted(
                        steps,
                        Durations.text(training),
                        Durations.text(step),
                        jobs == 1 ? "" : "%d of them take ".formatted(jobs),
                        Durations.text(training.plus(predictions).multipliedBy(jobs)));
    }
}
