package org.segloss.score;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.decide.Decision;
import org.segloss.file.AtomicFile;
import org.segloss.file.Csv;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;

/// A line of `scores.csv`: a score, and what it is the score of.
///
/// @param loss the loss's text
/// @param caseId the case that was segmented
/// @param label the class's label, or [CaseScore#MEAN] for the mean over all classes but the background
/// @param metric its name, for example `dice`
/// @param group of cases that are no independent witnesses, for example of one person; the case itself where it
///     stands alone
/// @param decision the rule that made the labels, [#ARGMAX] unless another one is named
public record ScoreRow(
        String loss,
        int fold,
        long seed,
        String caseId,
        String label,
        String metric,
        double value,
        Status status,
        String group,
        String decision) {
    /// The rule that rows have where a table names none.
    public static final String ARGMAX = Decision.ARGMAX.toString();

    private static final List<String> HEADER =
            List.of("loss", "fold", "seed", "case", "class", "metric", "value", "status", "group", "policy");
    private static final String DECISION = "decision";
    private static final List<String> REQUIRED = List.of("loss", "case", "metric", "value");

    /// A score of the most probable class.
    public ScoreRow(
            String loss,
            int fold,
            long seed,
            String caseId,
            String label,
            String metric,
            double value,
            Status status,
            String group) {
        this(loss, fold, seed, caseId, label, metric, value, status, group, ARGMAX);
    }

    /// A score of a case that stands alone.
    public ScoreRow(String loss, int fold, long seed, CaseScore score) {
        this(loss, fold, seed, score, score.id());
    }

    public ScoreRow(String loss, int fold, long seed, CaseScore score, String group) {
        this(
                loss,
                fold,
                seed,
                score.id(),
                score.label(),
                score.metric().id(),
                score.score().value(),
                score.score().status(),
                group);
    }

    /// {@return the same score by another rule}
    public ScoreRow by(Decision rule) {
        return new ScoreRow(loss, fold, seed, caseId, label, metric, value, status, group, rule.toString());
    }

    /// {@return the same score of another loss}
    public ScoreRow of(String otherLoss) {
        return new ScoreRow(otherLoss, fold, seed, caseId, label, metric, value, status, group, decision);
    }

    /// {@return the score alone}
    ///
    /// @throws IllegalArgumentException if the metric is none of ours
    public CaseScore score() {
        return new CaseScore(caseId, label, Metric.parse(metric), new Score(value, status));
    }

    /// As [#write(Path, List, Policy, Collection)], with the policy of a run.
    public static void write(Path file, List<ScoreRow> rows, Collection<Integer> ignored) throws IOException {
        write(file, rows, CaseScore.SCORER.policy(), ignored);
    }

    /// Writes `loss,fold,seed,case,class,metric,value,status,group,policy`, and a last column `decision` if any row is
    /// by another rule than [#ARGMAX]; a value is written with all its digits, and a text so that no spreadsheet
    /// [runs][Csv#cell] it.
    ///
    /// @param ignored labels of the references whose voxels are in no score; they stand in the column of the policy
    ///                where there are any, for scores with and without them are no scores to compare
    public static void write(Path file, List<ScoreRow> rows, Policy policy, Collection<Integer> ignored)
            throws IOException {
        String how = policyText(policy, ignored);
        boolean decided = rows.stream().anyMatch(row -> !row.decision.equals(ARGMAX));
        AtomicFile.write(file, out -> {
            CsvWriter csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            csv.writeRecord(line(HEADER, DECISION, decided));
            for (ScoreRow row : rows) {
                List<String> cells = List.of(
                        Csv.cell(row.loss),
                        Integer.toString(row.fold),
                        Long.toString(row.seed),
                        Csv.cell(row.caseId),
                        Csv.cell(row.label),
                        Csv.cell(row.metric),
                        Double.toString(row.value),
                        row.status.name(),
                        Csv.cell(row.group),
                        how);
                csv.writeRecord(line(cells, Csv.cell(row.decision), decided));
            }
            csv.flush();
        });
    }

    private static List<String> line(List<String> cells, String last, boolean decided) {
        return decided ? Stream.concat(cells.stream(), Stream.of(last)).toList() : cells;
    }

    /// {@return what stands in the column of the policy}
    public static String policyText(Policy policy, Collection<Integer> ignored) {
        return ignored.isEmpty()
                ? policy.toString()
                : "%s ignored=%s"
                        .formatted(
                                policy,
                                ignored.stream().sorted().map(String::valueOf).collect(Collectors.joining("+")));
    }

    /// Reads what [#write] wrote, or what another program did: UTF-8, with a comma or a semicolon between the columns.
    ///
    /// The columns may stand in any order. `loss`, `case`, `metric` and `value` are needed. Without the others fold
    /// and seed are 0, the class is [CaseScore#MEAN], the group is the case, the decision [#ARGMAX], and the
    /// status is OK where there is a finite value and UNDEFINED elsewhere. An undefined value is `NaN`, `NA` or
    /// nothing.
    ///
    /// @throws IOException that names the line, if one is too short or too long, has no number where there should
    ///     be one, or is of the same score as another
    public static List<ScoreRow> read(Path file) throws IOException {
        var rows = new ArrayList<ScoreRow>();
        // the lines of each table of cases
        var lines = new HashMap<ScoreRow, Map<String, Long>>();
        // a name stands in many lines, and is kept once
        var names = new HashMap<String, String>();
        var policies = new TreeSet<String>();
        try {
            Csv.read(file, line -> {
                checkHeader(line.getHeader());
                optional(line, "policy").ifPresent(policies::add);
                if (policies.size() > 1) {
                    throw new IllegalArgumentException(
                            "its scores were made by different policies for empty masks, or without different labels, which are no scores to compare: %s"
                                    .formatted(String.join("; ", policies)));
                }
                ScoreRow row = row(line).withNames(name -> names.computeIfAbsent(name, same -> same));
                Long before = lines.computeIfAbsent(row.ofAnyCase(), _ -> new HashMap<>())
                        .putIfAbsent(row.caseId, line.getStartingLineNumber());
                if (before != null) {
                    throw new IllegalArgumentException(
                            "line %d is of the same loss, case, class, metric, seed and fold as line %d; one of them is too much"
                                    .formatted(line.getStartingLineNumber(), before));
                }
                rows.add(row);
            });
            if (rows.isEmpty()) {
                String first = Files.readString(file).lines().findFirst().orElse("");
                checkHeader(List.of(first.split("[,;\t]")));
            }
        } catch (RuntimeException e) {
            throw new IOException("%s is not a table of scores: %s".formatted(file, e.getMessage()), e);
        }
        return rows;
    }

    /// Reads what a run [wrote][#write].
    ///
    /// @throws IOException if the file was changed; says what to do
    public static List<ScoreRow> readOfRun(Path file) throws IOException {
        try {
            return read(file);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; run the comparison again, which writes it anew", e);
        }
    }

    private ScoreRow ofAnyCase() {
        return new ScoreRow(loss, fold, seed, "", label, metric, 0, Status.OK, "", decision);
    }

    private ScoreRow withNames(UnaryOperator<String> known) {
        return new ScoreRow(
                known.apply(loss),
                fold,
                seed,
                known.apply(caseId),
                known.apply(label),
                known.apply(metric),
                value,
                status,
                known.apply(group),
                known.apply(decision));
    }

    private static void checkHeader(List<String> header) {
        for (String name : REQUIRED) {
            if (!header.contains(name)) {
                throw new IllegalArgumentException("it has no column '%s'; needed are %s, and it has %s"
                        .formatted(name, String.join(", ", REQUIRED), String.join(", ", header)));
            }
        }
    }

    private static ScoreRow row(NamedCsvRecord line) {
        double value = number(line);
        return new ScoreRow(
                text(line, "loss"),
                Math.toIntExact(whole(line, "fold")),
                whole(line, "seed"),
                text(line, "case"),
                optional(line, "class").orElse(CaseScore.MEAN),
                text(line, "metric"),
                value,
                optional(line, "status")
                        .map(name -> status(line, name))
                        .orElse(Double.isFinite(value) ? Status.OK : Status.UNDEFINED),
                optional(line, "group").orElse(text(line, "case")),
                optional(line, DECISION).orElse(ARGMAX));
    }

    private static Optional<String> optional(NamedCsvRecord line, String name) {
        return line.findField(name).map(Csv::text).filter(text -> !text.isBlank());
    }

    private static String text(NamedCsvRecord line, String name) {
        return optional(line, name).orElseThrow(() -> wrong(line, name, "it is empty"));
    }

    private static long whole(NamedCsvRecord line, String name) {
        String text = optional(line, name).orElse("0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong(line, name, "'%s' is no whole number".formatted(text));
        }
    }

    private static double number(NamedCsvRecord line) {
        String text = optional(line, "value").orElse("NaN");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "na" -> Double.NaN;
            case "inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw wrong(
                            line,
                            "value",
                            text.matches("[-+]?\\d*,\\d+")
                                    ? "'%s' has a decimal comma; write %s".formatted(text, text.replace(',', '.'))
                                    : "'%s' is no number".formatted(text));
                }
            }
        };
    }

    private static Status status(NamedCsvRecord line, String name) {
        for (Status status : Status.values()) {
            if (status.name().equalsIgnoreCase(name)) {
                return status;
            }
        }
        throw wrong(line, "status", "'%s' is none of %s".formatted(name, List.of(Status.values())));
    }

    private static IllegalArgumentException wrong(NamedCsvRecord line, String column, String what) {
        return new IllegalArgumentException("line %d, %s: %s".formatted(line.getStartingLineNumber(), column, what));
    }
}
