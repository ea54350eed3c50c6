package org.segloss.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segloss.run.RunFolder;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// A script that has a scheduler do all cells of a run.
public final class ScriptOptions {
    /// Set by the launcher: its own path.
    private static final String LAUNCHER = "segloss.launcher";

    private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})([MG])(?:i?B?)");

    private enum Scheduler {
        SLURM,
        KUBERNETES
    }

    @Option(
            names = "--script",
            paramLabel = "slurm|kubernetes",
            description =
                    "Prints a script that has all cells done, and does nothing: a job array for sbatch, or an indexed Job for kubectl. docs/cluster.md says how to go on.")
    private Optional<Scheduler> scheduler;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "With --script: memory for each cell, for example 8G. Default: estimated from the images and the network, rather too much than too little.")
    private Optional<String> memory;

    @Option(
            names = "--image",
            paramLabel = "NAME",
            description = "With --script kubernetes: a container image with this program, as segloss on its path.")
    private Optional<String> image;

    @Option(
            names = "--claim",
            paramLabel = "NAME",
            split = ",",
            description =
                    "With --script kubernetes: the claim of the volume with the run's folder; after a comma that with the data, if they lie on another one.")
    private List<String> claims = List.of();

    /// @throws ParameterException if an option goes with a script, or with another one
    public boolean areGiven(CommandSpec spec) {
        check(spec, "--memory", memory.isPresent() && scheduler.isEmpty(), "--script");
        boolean kubernetes = scheduler.equals(Optional.of(Scheduler.KUBERNETES));
        check(spec, "--image", image.isPresent() && !kubernetes, "--script kubernetes");
        check(spec, "--claim", !claims.isEmpty() && !kubernetes, "--script kubernetes");
        return scheduler.isPresent();
    }

    private static void check(CommandSpec spec, String option, boolean isAlone, String with) {
        if (isAlone) {
            throw new ParameterException(spec.commandLine(), "%s goes with %s".formatted(option, with));
        }
    }

    /// {@return the script}; for Slurm the folder of its logs is made, which Slurm doesn't
    ///
    /// @param data where the data set lies on the machines of the scheduler, if not where the run says
    /// @throws IOException if the folder is no run's, or can't be written
    public String text(RunFolder folder, Optional<Path> data) throws IOException {
        CellJobs jobs = CellJobs.of(folder, data, memory.map(ScriptOptions::mebibytes));
        if (scheduler.orElseThrow() == Scheduler.KUBERNETES) {
            return KubernetesManifest.text(jobs, image, claims);
        }
        String launcher = System.getProperty(LAUNCHER);
        if (launcher == null) {
            throw new IllegalArgumentException(
                    "the jobs start segloss as you do, which has to be by the script 'segloss' in its folder");
        }
        String script = SlurmScript.text(jobs, Path.of(launcher));
        Files.createDirectories(jobs.run().resolve(SlurmScript.LOGS));
        return script;
    }

    /// @throws IllegalArgumentException if the text is no size
    static int mebibytes(String text) {
        Matcher size = MEMORY.matcher(text);
        if (!size.matches() || Integer.parseInt(size.group(1)) == 0) {
            throw new IllegalArgumentException(
                    "--memory takes a number and M or G, such as 8G or 6000M, not '%s'".formatted(text));
        }
        return Integer.parseInt(size.group(1)) * (size.group(2).equals("G") ? 1024 : 1);
    }
}
