package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.compare.Tuning;
import org.segloss.design.LossFamily;
import org.segloss.file.Sha256;
import org.segloss.plan.PlanJson;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.RunFolder;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;
import org.segloss.score.Scoring;

/// One training of an experiment with what follows from it: everything that is needed to train, predict and score, on
/// any machine that sees the data.
///
/// @param segloss the version that decided it
/// @param data    folder of the data set, as a path or a URL; it decides nothing, the files' hashes do
/// @param layout  how the data set's files are arranged
/// @param fold    which of the experiment's folds, from 0
/// @param split   what each case is for
/// @param cases   those of the split with their subjects and the hashes of their files
/// @param loss    that is compared, or the [family][LossFamily]; of a candidate what makes it one
/// @param candidate whether it competes on the validation cases to stand for a loss, and tests nothing
/// @param plan    how the network is trained: the loss and the seed are its own
/// @param earlier after how many steps the training had ended before it was extended, each time with what
/// follows from it
/// @param scoring what is made of the network on the test cases
public record Job(
        String segloss,
        String data,
        String layout,
        int fold,
        Manifest.Fold split,
        List<Manifest.Item> cases,
        String loss,
        boolean candidate,
        TrainingPlan plan,
        List<Integer> earlier,
        Scoring scoring) {

    public Job {
        Objects.requireNonNull(scoring, "no scoring");
        earlier = List.copyOf(earlier);
        Objects.requireNonNull(segloss, "no version");
        Objects.requireNonNull(data, "no data");
        Objects.requireNonNull(layout, "no layout");
        cases = List.copyOf(cases);
    }

    /// {@return the jobs of a run, in the order in which they are done}, from its `experiment.yaml` and `dataset.json`
    /// alone: no image is read. The candidates are the first; where there are any, the others are known once
    /// `tuning.json` says what was chosen.
    public static List<Job> of(RunFolder folder) throws IOException {
        Settings settings = Settings.read(folder.settings());
        Manifest manifest = Manifest.read(folder.manifest());
        settings.extent().check(manifest.folds().size(), settings.training().steps());
        List<Job> jobs = new ArrayList<>(candidates(settings, manifest));
        if (jobs.isEmpty()) {
            jobs.addAll(compared(settings, manifest, Optional.empty()));
        } else if (Files.exists(folder.tuning())) {
            jobs.addAll(compared(settings, manifest, Optional.of(Tuning.read(folder.tuning()))));
        }
        return List.copyOf(jobs);
    }

    /// With the first seed alone, and as many steps as the run began with.
    private static List<Job> candidates(Settings settings, Manifest manifest) {
        var jobs = new ArrayList<Job>();
        for (int fold : settings.extent().of(manifest.folds().size())) {
            var seen = new HashSet<String>();
            Manifest.Fold split = manifest.folds().get(fold);
            var untested = new Manifest.Fold(split.train(), split.val(), List.of());
            for (Candidates.Candidate candidate : Candidates.of(settings)) {
                if (seen.add(candidate.text())) {
                    jobs.add(of(
                            settings, manifest, fold, untested, candidate.text(), true, candidate.plan(), List.of()));
                }
            }
        }
        return jobs;
    }

    private static List<Job> compared(Settings settings, Manifest manifest, Optional<Tuning> tuning) {
        var jobs = new ArrayList<Job>();
        for (int fold : settings.extent().of(manifest.folds().size())) {
            for (long seed : settings.seeds()) {
                for (LossFamily family : settings.contest().families()) {
                    TrainingPlan plan = Candidates.chosen(settings, family, fold, tuning);
                    jobs.add(of(
                            settings,
                            manifest,
                            fold,
                            manifest.folds().get(fold),
                            family.text(),
                            false,
                            plan.with(plan.loss(), seed),
                            settings.extent().earlier()));
                }
            }
        }
        return jobs;
    }

    private static Job of(
            Settings settings,
            Manifest manifest,
            int fold,
            Manifest.Fold split,
            String loss,
            boolean candidate,
            TrainingPlan plan,
            List<Integer> earlier) {
        return new Job(
                settings.segloss(),
                settings.data(),
                manifest.layout(),
                fold,
                split,
                manifest.items(split.all()),
                loss,
                candidate,
                plan,
                earlier,
                // of one that only competes no test case is looked at
                candidate ? Scoring.standard() : settings.scoring());
    }

    /// Reads what [#json] says.
    ///
    /// @throws IllegalArgumentException if it is no job; says where and why
    public static Job parse(String json) {
        return PlanJson.read(json, Job.class);
    }

    /// {@return this job as one line of JSON}; equal jobs have the same
    public String json() {
        return PlanJson.text(this);
    }

    /// {@return this job on a machine}
    ///
    /// @param folder where the data lie there
    /// @param device one of the kind that the plan computes on
    /// @throws IllegalArgumentException if the device is of another kind
    public Job at(Path folder, String device) {
        return new Job(
                segloss,
                folder.toString(),
                layout,
                fold,
                split,
                cases,
                loss,
                candidate,
                plan.at(device),
                earlier,
                scoring);
    }

    /// {@return the jobs that this one was before its training was extended, the first one first}; each goes on
    /// from what the one before it left
    List<Job> before() {
        return IntStream.range(0, earlier.size())
                .mapToObj(i -> new Job(
                        segloss,
                        data,
                        layout,
                        fold,
                        split,
                        cases,
                        loss,
                        candidate,
                        plan.lasting(earlier.get(i)),
                        earlier.subList(0, i),
                        scoring))
                .toList();
    }

    public long seed() {
        return plan.seed();
    }

    /// {@return where the job keeps its files in its run's folder}
    ///
    /// @param losses the texts of all losses of the run
    public LossFolder in(RunFolder folder, List<String> losses) {
        return candidate
                ? folder.candidate(loss, fold, seed())
                : folder.losses(losses, fold, seed()).get(loss);
    }

    /// {@return a case's entry}
    /// @throws IllegalArgumentException if the job has no such case
    public Manifest.Item item(String id) {
        return cases.stream()
                .filter(item -> item.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the job has no case '%s'".formatted(id)));
    }

    /// {@return the hash of all that the training follows from}
    String trainingInputs() {
        return Sha256.of(String.join(
                "\n",
                segloss,
                PlanJson.text(plan.anywhere()) + (earlier.isEmpty() ? "" : " after " + earlier),
                contents(split.train().stream()),
                contents(split.val().stream())));
    }

    /// {@return the names and hashes of the test cases' files}, for telling whether they changed
    String testContents() {
        return contents(split.test().stream());
    }

    /// {@return likewise of the validation cases}
    String validationContents() {
        return contents(split.val().stream());
    }

    /// {@return the line of a score of this job}
    ScoreRow row(CaseScore score) {
        return new ScoreRow(loss(), fold, seed(), score, item(score.id()).group());
    }

    private String contents(Stream<String> ids) {
        return ids.map(this::item)
                .map(item -> item.id() + " " + item.imageSha256() + " " + item.labelSha256())
                .collect(Collectors.joining("\n"));
    }
}
