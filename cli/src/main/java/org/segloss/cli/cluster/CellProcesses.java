package org.segloss.cli.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segloss.experiment.Cell;
import org.segloss.experiment.CellProcess;
import org.segloss.experiment.Executor;
import org.segloss.experiment.ParallelExecutor;
import org.segloss.plan.Precision;
import org.segloss.run.RunFolder;

/// The processes that do the cells of a run at once on this machine: this program once more, on the same Java with the
/// same options, each with its share of memory and cores.
///
/// @param folder  of the run
/// @param atOnce  how many
/// @param devices one for each, in turn; where the run computes if there is none
/// @param program the main class
public record CellProcesses(RunFolder folder, int atOnce, List<String> devices, Class<?> program)
        implements ParallelExecutor.Starter {
    /// Tells a cell to end with its standard input, that is when the program ends that has started it.
    private static final String ENDS_WITH_INPUT = "segloss.endsWithInput";

    /// Of this program alone, or shared out below.
    private static final List<String> NOT_PASSED_ON = List.of(
            "-agentlib:",
            "-Xmx",
            "-XX:MaxRAMPercentage",
            "-XX:ActiveProcessorCount",
            "-Dsegloss.terminal",
            "-Dsegloss.columns");

    @Override
    public CellProcess start(Executor.Order order, int place) throws IOException {
        Cell.require(order.job(), Runtime.getRuntime().availableProcessors(), Precision.fastest());
        return new CellProcess(command(order, place));
    }

    private List<String> command(Executor.Order order, int place) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> NOT_PASSED_ON.stream().noneMatch(option::startsWith))
                .forEach(command::add);
        Runtime java = Runtime.getRuntime();
        int cores = Math.max(order.job().plan().threads(), share(java.availableProcessors(), atOnce));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx%dm".formatted(Math.max(64, (java.maxMemory() >> 20) / atOnce)),
                "-XX:ActiveProcessorCount=" + cores,
                "-D%s=true".formatted(ENDS_WITH_INPUT),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                "cell",
                folder.root().toString(),
                Integer.toString(order.number()),
                // where a store's data set was copied to
                "--data",
                order.job().data()));
        if (!devices.isEmpty()) {
            command.addAll(List.of("--device", devices.get(place % devices.size())));
        }
        return command;
    }

    /// {@return how many of the cores each of so many programs has}
    public static int share(int cores, int atOnce) {
        return Math.max(1, cores / atOnce);
    }

    /// Where this is such a process: waits in the background for the end of the program that has started it.
    public static void endWithInput() {
        if (Boolean.getBoolean(ENDS_WITH_INPUT)) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (System.in.read() >= 0) {
                        // nobody says anything
                    }
                } catch (IOException _) {
                    // that is an end too
                }
                System.exit(130);
            });
        }
    }
}
