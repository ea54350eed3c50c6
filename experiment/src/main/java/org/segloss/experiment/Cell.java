package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.file.FolderLock;
import org.segloss.file.Host;
import org.segloss.file.InputFile;
import org.segloss.file.MachineFault;
import org.segloss.file.ObjectUrl;
import org.segloss.plan.Precision;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.Environment;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.torch.Libtorch;

/// One job of a run, as a program of its own does it on whatever machine that sees the run's folder.
///
/// @param folder of the run
/// @param number which of its jobs, from 0
public record Cell(RunFolder folder, int number) {

    /// {@return how many cells a run has}
    ///
    /// @throws IOException if the folder is no run's that was [prepared][Run#prepare] or begun
    public static int count(RunFolder folder) throws IOException {
        return jobs(folder).size();
    }

    private static List<Job> jobs(RunFolder folder) throws IOException {
        if (!Files.exists(folder.settings()) || !Files.exists(folder.manifest())) {
            throw new IOException("%s is not the folder of a run: it has no %s; 'segloss compare --prepare' makes one"
                    .formatted(
                            folder.root(),
                            Files.exists(folder.settings())
                                    ? folder.manifest().getFileName()
                                    : folder.settings().getFileName()));
        }
        return Job.of(folder);
    }

    /// {@return where it leaves its files}
    ///
    /// @param jobs of the run
    /// @throws IllegalArgumentException if there is no such cell
    LossFolder place(List<Job> jobs) {
        if (number < 0 || number >= jobs.size()) {
            throw new IllegalArgumentException(
                    "%s has the cells 0 to %d, not %d".formatted(folder.root(), jobs.size() - 1, number));
        }
        return jobs.get(number)
                .in(
                        folder,
                        jobs.stream()
                                .filter(job -> !job.candidate())
                                .map(Job::loss)
                                .distinct()
                                .toList());
    }

    /// What became of a cell, and where.
    public record Done(Outcome outcome, LossFolder folder) {}

    /// Trains, predicts and scores, as far as that hasn't been done.
    ///
    /// @param data   where the data set lies on this machine, if not where the run says
    /// @param device which of several, if it matters
    /// @throws FolderLock.Busy          if another program does it
    /// @throws FolderLock.Lost          if another program has taken it over
    /// @throws IllegalArgumentException if there is no such cell
    /// @throws MachineFault             if this machine can't do it as the others do, or lacks the data
    /// @throws IOException              as [Executor#run]
    public Done run(Optional<Path> data, Optional<String> device, Progress progress) throws IOException {
        List<Job> jobs = jobs(folder);
        LossFolder place = place(jobs);
        Job settled = jobs.get(number);
        Job job = settled.at(
                data.orElseGet(() -> ObjectUrl.folder(settled.data())),
                device.orElse(settled.plan().device()));
        Optional<Outcome> done = LocalExecutor.done(job, place);
        if (done.isPresent()) {
            return new Done(done.get(), place);
        }
        requireHere(job);
        if (data.isEmpty()) {
            requireData(job);
        }
        sayWhatDiffers(progress);
        var far = new RunProgress(
                progress,
                1,
                jobs.getLast().fold() > 0,
                jobs.stream().map(Job::seed).distinct().count() > 1);
        far.skipEstimate();
        return new Done(LocalExecutor.reading().run(job, place, far.of(job, 0)), place);
    }

    /// What one machine lacks another one may have.
    private static void requireHere(Job job) throws MachineFault {
        try {
            require(job, Runtime.getRuntime().availableProcessors(), Precision.fastest());
        } catch (IllegalArgumentException e) {
            throw new MachineFault(e.getMessage());
        }
    }

    /// A folder that isn't mounted is not there, or is there and empty.
    private static void requireData(Job job) throws MachineFault {
        try {
            JobCases.in(job);
        } catch (IOException e) {
            throw new MachineFault(
                    "the data of this run are not on %s; mount them there, or say with --data where they lie: %s"
                            .formatted(Host.here().name(), InputFile.message(e)));
        }
    }

    /// Checks that a job can be done here.
    ///
    /// @param cores   how many of this machine's it may use
    /// @param fastest precision that its processor has instructions for
    /// @throws IllegalArgumentException if this machine would compute something else than the one that settled
    /// the job,
    ///     or not as it is to
    public static void require(Job job, int cores, Precision fastest) {
        TrainingPlan plan = job.plan();
        if (!job.segloss().equals(Settings.version())) {
            throw new IllegalArgumentException(
                    "segloss here is %s, but the run was begun by %s; use one version for all"
                            .formatted(Settings.version(), job.segloss()));
        }
        if (plan.threads() > cores) {
            throw new IllegalArgumentException(
                    "this run computes with %d threads a training, and its numbers depend on that, but this program may use %d of the cores of %s; give it %d, or begin a run with --threads %d"
                            .formatted(plan.threads(), cores, Host.here().name(), plan.threads(), cores));
        }
        Libtorch.require(plan.device());
        if (plan.device().equals("cpu") && plan.precision() == Precision.BFLOAT16 && fastest != Precision.BFLOAT16) {
            throw new IllegalArgumentException(
                    "this run computes in bfloat16, and the processor of %s has no instructions for it; use another machine, or begin a run with --precision float32"
                            .formatted(Host.here().name()));
        }
    }

    private void sayWhatDiffers(Progress progress) throws IOException {
        if (Files.exists(folder.environment())) {
            String begun = Environment.read(folder.environment()).processor();
            String here = Environment.here(Libtorch.version()).processor();
            if (!begun.equals(here)) {
                progress.say("The processor of %s is %s, the run was begun on %s: the last digits may differ"
                        .formatted(Host.here().name(), here, begun));
            }
        }
    }
}
