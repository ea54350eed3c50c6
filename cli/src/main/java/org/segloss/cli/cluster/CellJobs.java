package org.segloss.cli.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.experiment.Cell;
import org.segloss.experiment.Job;
import org.segloss.experiment.MemoryEstimate;
import org.segloss.file.Printable;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.RunFolder;

/// The cells of a run as jobs of a scheduler: what each of them needs.
///
/// @param run       the run's folder, as an absolute path
/// @param data      where the data set lies on the machines of the scheduler
/// @param elsewhere whether that is another place than the run says
/// @param cells     how many
/// @param threads   of each
/// @param cuda      whether each takes a GPU
/// @param mebibytes of memory for each
/// @param classPath where losses of the user's own are, if there are any
record CellJobs(
        Path run,
        Path data,
        boolean elsewhere,
        int cells,
        int threads,
        boolean cuda,
        int mebibytes,
        Optional<String> classPath) {

    /// @param data      where the data set lies there, if somebody says
    /// @param mebibytes of memory, if somebody says; else [estimated][MemoryEstimate] from the images' heads
    /// @throws IOException if the folder is no run's, or an image's head can't be read
    static CellJobs of(RunFolder folder, Optional<Path> data, Optional<Integer> mebibytes) throws IOException {
        int cells = Cell.count(folder);
        List<Job> jobs = Job.of(folder);
        Path settled = Path.of(jobs.getFirst().data());
        Path place = checked(data.orElse(settled));
        int memory;
        if (mebibytes.isPresent()) {
            memory = mebibytes.get();
        } else {
            try {
                memory = MemoryEstimate.of(jobs, place).mebibytes();
            } catch (IOException e) {
                throw new IOException(
                        "how much memory a cell takes is estimated from its images, but: %s; say it with --memory, for example --memory 8G"
                                .formatted(e.getMessage()),
                        e);
            }
        }
        TrainingPlan plan = jobs.getFirst().plan();
        return new CellJobs(
                checked(folder.root()),
                place,
                !place.equals(settled),
                cells,
                plan.threads(),
                plan.device().startsWith("cuda"),
                memory,
                classPath(System.getenv("SEGLOSS_CLASSPATH")));
    }

    private static Path checked(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (absolute.toString().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("%s can't stand in a script: it has a control character in its name"
                    .formatted(Printable.line(absolute.toString())));
        }
        return absolute;
    }

    /// {@return a class path that means the same from another folder}
    static Optional<String> classPath(String given) {
        return given == null || given.isEmpty()
                ? Optional.empty()
                : Optional.of(Arrays.stream(given.split(File.pathSeparator))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> checked(Path.of(entry)).toString())
                        .collect(Collectors.joining(File.pathSeparator)));
    }
}
