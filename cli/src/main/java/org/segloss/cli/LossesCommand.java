package org.segloss.cli;

import java.io.PrintWriter;
import org.segloss.loss.LossCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "losses",
        description = "Lists the losses with formula, parameters and defaults.",
        mixinStandardHelpOptions = true)
final class LossesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (LossCatalog.Entry entry : LossCatalog.all()) {
            out.println(entry.name());
            out.println("    " + entry.summary());
            out.println("    " + entry.formula());
            for (LossCatalog.Parameter parameter : entry.parameters()) {
                out.println("    %-14s %s".formatted(parameter.name() + "=" + parameter.text(), parameter.meaning()));
            }
            out.println();
        }
        out.println(
                "p: probability, y: target, of a voxel. Losses combine by +, -, a factor, a constant and log1p(...):");
        out.println("    bce + 0.5*dice(smooth=1)");
        out.println("    bce + log1p(dice)");
    }
}
