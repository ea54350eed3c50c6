package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segloss.prep.CaseCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "cache",
        description = {
            "Says where the cases lie that were prepared for trainings on more of them than fit into memory, and what they take.",
            "",
            "The folder is segloss/cases below XDG_CACHE_HOME, or below ~/.cache. Those that were not used for the longest time are deleted by themselves where all take more than half of what the disk has for them."
        },
        mixinStandardHelpOptions = true)
final class CacheCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--delete", description = "Deletes them. Trainings that use them now or later make them once more.")
    private boolean delete;

    @Override
    public Integer call() throws IOException {
        var cache = CaseCache.ofThisMachine();
        CaseCache.Contents contents = delete ? cache.delete() : cache.contents();
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(
                Locale.ROOT,
                "%s: %s%d prepared cases, %.1f GiB%s",
                cache.folder(),
                delete ? "deleted " : "",
                contents.cases(),
                gibibytes(contents.bytes()),
                delete ? "" : String.format(Locale.ROOT, " of at most %.1f", gibibytes(contents.bound()))));
        return 0;
    }

    private static double gibibytes(long bytes) {
        return bytes / (double) (1 << 30);
    }
}
