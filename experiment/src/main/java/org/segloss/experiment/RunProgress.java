package org.segloss.experiment;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.segloss.design.TimeEstimate;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;

/// How far a run is, from how far its jobs are, of which several may be at work.
final class RunProgress {
    /// Of more jobs than these nobody reads a line for each.
    private static final int MOST_NAMED = 100;

    private final Progress progress;
    private final int jobs;
    private final boolean severalFolds;
    private final boolean severalSeeds;
    /// What each job does that has begun and hasn't ended.
    private final Map<OfJob, Work> works = new LinkedHashMap<>();
    private int ended;
    private int reused;
    /// How many steps of training take as long as predicting and scoring a case, for the time left: a guess, until
    /// it has been measured.
    private double stepsACase = 3;
    private boolean saidHowLong;
    private boolean namesReused;

    private record Work(String stage, double fraction, String detail) {}

    RunProgress(Progress progress, int jobs, boolean severalFolds, boolean severalSeeds) {
        this.progress = progress;
        this.jobs = jobs;
        this.severalFolds = severalFolds;
        this.severalSeeds = severalSeeds;
        this.namesReused = jobs <= MOST_NAMED;
    }

    /// {@return how many steps take as long as a case}
    static double steps(long nanosOfCases, long nanosOfSteps, int steps, int cases) {
        return (double) nanosOfCases / cases / Math.max(1.0, (double) nanosOfSteps / steps);
    }

    /// {@return a listener to a job}
    ///
    /// @param number which of the jobs, from 0
    OfJob of(Job job, int number) {
        return new OfJob(job, number);
    }

    /// Says nothing of how long it will take, which takes some steps to measure.
    void skipEstimate() {
        saidHowLong = true;
    }

    /// Where these jobs are a part of so many: whether a line for each is read.
    void among(int allJobs) {
        namesReused = allJobs <= MOST_NAMED;
    }

    /// The loss, and which of its trainings if there are several.
    private String name(Job job) {
        var name = new StringBuilder(job.loss());
        if (severalFolds) {
            name.append(", fold ").append(job.fold());
        }
        if (severalSeeds) {
            name.append(", seed ").append(job.seed());
        }
        return name.toString();
    }

    private void sayReused() {
        if (reused > 0) {
            progress.say("reused the results of %d of %d trainings".formatted(reused, jobs));
            reused = 0;
        }
    }

    private void at(OfJob job, Work work) {
        sayReused();
        works.put(job, work);
        double done =
                (ended + works.values().stream().mapToDouble(Work::fraction).sum()) / jobs;
        if (works.size() == 1) {
            progress.at("%d/%d %s: %s".formatted(job.number + 1, jobs, name(job.job), work.stage), done, work.detail);
        } else {
            progress.at(
                    "%d of %d done, %d at work".formatted(ended, jobs, works.size()),
                    done,
                    works.entrySet().stream()
                            .map(entry -> "%s: %s".formatted(name(entry.getKey().job), entry.getValue().detail))
                            .collect(Collectors.joining("; ")));
        }
    }

    final class OfJob implements JobListener {
        private final Job job;
        private final int number;
        private final int cases;
        /// 0 until the job says something: the jobs before it have been measured by then.
        private double trainingShare;
        private int firstStep;
        private long firstNanos;
        private int lastStep;
        private long lastNanos;
        private long trainedNanos;
        private boolean predicted;

        private OfJob(Job job, int number) {
            this.job = job;
            this.number = number;
            cases = job.split().test().size();
        }

        private double trainingShare() {
            if (trainingShare == 0) {
                int steps = job.plan().steps();
                trainingShare = steps / (steps + stepsACase * cases);
            }
            return trainingShare;
        }

        /// Once, before the first training that there is to do.
        @Override
        public void begins(Supplier<TimeEstimate> estimate) {
            if (!saidHowLong) {
                saidHowLong = true;
                progress.say(estimate.get().text(jobs - ended));
            }
        }

        @Override
        public void step(int step, int steps, double loss) {
            lastStep = step;
            lastNanos = System.nanoTime();
            if (firstStep == 0) {
                firstStep = step;
                firstNanos = lastNanos;
            }
            at(
                    this,
                    new Work(
                            "training",
                            trainingShare() * step / steps,
                            String.format(Locale.ROOT, "step %d of %d, loss %.4g", step, steps, loss)));
        }

        @Override
        public void trained() {
            trainedNanos = System.nanoTime();
        }

        @Override
        public void predicts(int number, int all) {
            predicted = true;
            at(
                    this,
                    new Work(
                            "predicting",
                            trainingShare() + (1 - trainingShare()) * (number - 1) / all,
                            "case %d of %d".formatted(number, all)));
        }

        @Override
        public void say(String sentence) {
            progress.say("%s: %s".formatted(name(job), sentence));
        }

        @Override
        public void diverged(int step) {
            progress.say("%s diverged: its loss or gradient was no longer finite at step %d; the others go on"
                    .formatted(name(job), step));
        }

        @Override
        public void reused(LossFolder folder) {
            if (namesReused) {
                say("reused the results in %s".formatted(folder.root()));
            } else {
                reused++;
            }
        }

        /// What it took is what the next one will take.
        @Override
        public void finished() {
            works.remove(this);
            ended++;
            if (ended == jobs) {
                sayReused();
            }
            if (predicted && lastStep > firstStep) {
                stepsACase =
                        steps(System.nanoTime() - trainedNanos, lastNanos - firstNanos, lastStep - firstStep, cases);
            }
        }
    }
}
