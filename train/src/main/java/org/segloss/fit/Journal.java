package org.segloss.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.segloss.events.EventFile;

/// What a training writes about itself as it goes: `training.csv`, `validation.csv` and the events for TensorBoard.
final class Journal implements AutoCloseable {
    /// The smoothed loss is a mean over about this many steps.
    private static final double WINDOW = 50;

    private static final String VALIDATION = "validation.csv";

    private final StepTable training;
    private final Optional<StepTable> validation;
    private final EventFile events;
    private double smoothed;
    private int count;

    private Journal(StepTable training, Optional<StepTable> validation, EventFile events) {
        this.training = training;
        this.validation = validation;
        this.events = events;
        training.kept(1).forEach(this::smooth);
    }

    /// Opens a training's files, cut to what was written up to a step; 0 for new ones.
    ///
    /// @param validations how many validations there were up to the step; none if nothing is validated
    /// @param missing how many of them may be missing
    /// @return nothing if not all of it is there
    static Optional<Journal> open(Path folder, int step, Optional<Integer> validations, int missing)
            throws IOException {
        Optional<StepTable> training =
                StepTable.open(folder.resolve("training.csv"), "step,loss,learning_rate", step, 0);
        if (training.isEmpty()) {
            return Optional.empty();
        }
        Optional<StepTable> validation = Optional.empty();
        if (validations.isPresent()) {
            validation = StepTable.open(folder.resolve(VALIDATION), "step,dice", validations.get(), missing);
            if (validation.isEmpty()) {
                training.get().close();
                return Optional.empty();
            }
        } else {
            Files.deleteIfExists(folder.resolve(VALIDATION));
        }
        return Optional.of(new Journal(training.get(), validation, EventFile.open(folder, step)));
    }

    void step(int step, double loss, double rate) throws IOException {
        training.add(step, loss, rate);
        smooth(loss);
        events.number(step, "loss", loss);
        events.number(step, "loss/smoothed", smoothed);
        events.number(step, "learning_rate", rate);
    }

    private void smooth(double loss) {
        count++;
        // at first the mean of all
        smoothed += (loss - smoothed) / Math.min(count, WINDOW);
    }

    void validated(int step, Validator.Validated found) throws IOException {
        if (found.dice().isPresent() && validation.isPresent()) {
            double dice = found.dice().getAsDouble();
            validation.get().add(step, dice);
            events.number(step, "validation/dice", dice);
        }
        events.picture(step, "example", found.png(), found.width(), found.height());
    }

    /// {@return how many there were when it was opened}; as many as anybody wants where nothing is validated
    int validations() {
        return validation.map(StepTable::lines).orElse(Integer.MAX_VALUE);
    }

    /// Returns when the disk has the tables.
    void force() throws IOException {
        training.force();
        if (validation.isPresent()) {
            validation.get().force();
        }
    }

    @Override
    public void close() throws IOException {
        try (training;
                events) {
            if (validation.isPresent()) {
                validation.get().close();
            }
        }
    }
}
