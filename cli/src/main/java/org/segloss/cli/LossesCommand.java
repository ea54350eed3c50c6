package org.segloss.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "losses",
        description = "Lists the losses by kind, or describes one of them.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  segloss losses", "  segloss losses tversky"})
final class LossesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The loss to describe.")
    private Optional<String> name;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (name.isEmpty()) {
            list(out);
            return 0;
        }
        describe(
                LossCatalog.named(name.get())
                        .orElseThrow(() -> new IllegalArgumentException("unknown loss '%s'; known: %s"
                                        .formatted(
                                                name.get(),
                                                LossCatalog.all().stream()
                                                        .map(LossCatalog.Entry::name)
                                                        .collect(Collectors.joining(", ")))
                                + LossCatalog.problem().map("; "::concat).orElse(""))),
                out);
        return 0;
    }

    private static void list(PrintWriter out) {
        for (LossCatalog.Kind kind : LossCatalog.Kind.values()) {
            List<LossCatalog.Entry> entries =
                    LossCatalog.all().stream().filter(e -> e.kind() == kind).toList();
            if (!entries.isEmpty()) {
                out.println("%s: %s".formatted(kind.name().toLowerCase(java.util.Locale.ROOT), kind.text()));
                entries.forEach(entry -> out.println(
                        "    %-22s %s".formatted(entry.name(), entry.about().summary())));
                out.println();
            }
        }
        out.println(
                "'segloss losses NAME' says more of one. Losses combine by +, -, a factor, a constant, log1p(...),");
        out.println("pow(..., exponent), and a factor ramp(from, to) that changes as a training goes on:");
        out.println("    bce + 0.5*dice(smooth=1)");
        out.println("    bce + log1p(dice)");
    }

    private static void describe(LossCatalog.Entry entry, PrintWriter out) {
        out.println(entry.name());
        out.println("    " + entry.about().summary());
        out.println();
        out.println("    " + entry.about().formula());
        if (entry.kind() == LossCatalog.Kind.COMPOUND) {
            Loss expression = entry.loss();
            out.println("    stands for " + expression.text());
        }
        out.println("    p: probability, y: target, of a voxel; sums are over the voxels of one sample and class");
        out.println();
        line(out, "range", entry.about().range());
        line(out, "use", entry.about().use());
        line(out, "avoid", entry.about().avoid());
        line(out, "cost", entry.about().cost());
        line(out, "source", entry.about().source());
        if (!entry.parameters().isEmpty()) {
            out.println();
            out.println("    parameters and their defaults:");
            for (LossCatalog.Parameter parameter : entry.parameters()) {
                out.println(
                        "        %-22s %s".formatted(parameter.name() + "=" + parameter.text(), parameter.meaning()));
            }
        }
    }

    private static void line(PrintWriter out, String name, String text) {
        if (!text.isEmpty()) {
            out.println("    %-8s%s".formatted(name, text));
        }
    }
}
