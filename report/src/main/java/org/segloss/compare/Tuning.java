package org.segloss.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segloss.run.Documents;

/// What was chosen on the validation cases before anything was tested, as `tuning.json` holds it: for each
/// loss, in each fold, the values that it is trained with, and for a family the member that stands for it.
///
/// Each candidate was trained once, with the first seed and as many steps as any other. Its score is the mean
/// Dice of the validation cases at the end of its training; the highest is chosen, of equal ones the first. No
/// test case has a part in it.
///
/// @param candidates in the order in which they were tried
public record Tuning(List<Candidate> candidates) {

    /// @param loss   that is compared, or the family
    /// @param member the loss that was trained
    /// @param values of the numbers that are tuned, by their names
    /// @param dice   of the validation cases; NaN if the training diverged
    /// @param chosen whether it stands for the loss
    public record Candidate(
            String loss, int fold, String member, Map<String, Double> values, double dice, boolean chosen) {
        public Candidate {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /// {@return what makes it one, as text}
        public String text() {
            var parts = new ArrayList<String>();
            if (!member.equals(loss)) {
                parts.add(member);
            }
            values.forEach((name, value) -> parts.add("%s=%s".formatted(name, number(value))));
            return String.join(", ", parts);
        }
    }

    public Tuning {
        candidates = List.copyOf(candidates);
    }

    /// {@return these candidates, of which the best of each loss in each fold is chosen}
    public static Tuning choose(List<Candidate> tried) {
        record Place(String loss, int fold) {}
        Map<Place, Candidate> best = new LinkedHashMap<>();
        for (Candidate candidate : tried) {
            var place = new Place(candidate.loss, candidate.fold);
            Candidate before = best.get(place);
            // NaN is better than nothing, and worse than any number
            if (before == null || candidate.dice > before.dice || Double.isNaN(before.dice)) {
                best.put(place, candidate);
            }
        }
        return new Tuning(tried.stream()
                .map(c -> new Candidate(
                        c.loss, c.fold, c.member, c.values, c.dice, c == best.get(new Place(c.loss, c.fold))))
                .toList());
    }

    /// {@return the candidate that stands for a loss in a fold}
    ///
    /// @throws IllegalArgumentException if there is none
    public Candidate chosen(String loss, int fold) {
        return candidates.stream()
                .filter(candidate -> candidate.chosen && candidate.loss.equals(loss) && candidate.fold == fold)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("nothing was chosen for %s in fold %d".formatted(loss, fold)));
    }

    /// {@return what was tried and chosen for each loss, a sentence each}
    public List<String> sentences() {
        var all = new ArrayList<String>();
        for (String loss : candidates.stream().map(Candidate::loss).distinct().toList()) {
            List<Candidate> own =
                    candidates.stream().filter(c -> c.loss.equals(loss)).toList();
            long folds = own.stream().map(Candidate::fold).distinct().count();
            long tried = own.size() / Math.max(1, folds);
            if (tried < 2) {
                continue;
            }
            String chosen = own.stream()
                    .filter(Candidate::chosen)
                    .map(c -> "%s%s (validation Dice %s)"
                            .formatted(
                                    folds > 1 ? "in fold %d ".formatted(c.fold) : "",
                                    c.text(),
                                    Double.isNaN(c.dice) ? "unknown" : String.format(Locale.ROOT, "%.3f", c.dice)))
                    .collect(Collectors.joining(", "));
            all.add("%s: of %d candidates %s.%s".formatted(loss, tried, chosen, edge(own)));
        }
        return all;
    }

    /// A best value at the edge may not be the best there is.
    private static String edge(List<Candidate> own) {
        var edges = new TreeSet<String>();
        for (String name : own.getFirst().values.keySet()) {
            List<Double> grid = own.stream()
                    .map(c -> c.values.get(name))
                    .distinct()
                    .sorted()
                    .toList();
            own.stream().filter(Candidate::chosen).map(c -> c.values.get(name)).forEach(value -> {
                if (value.equals(grid.getFirst()) || value.equals(grid.getLast())) {
                    edges.add("%s=%s".formatted(name, number(value)));
                }
            });
        }
        return edges.isEmpty()
                ? ""
                : " Warning: %s lies at the edge of what was tried; a value beyond it may be better."
                        .formatted(String.join(", ", edges));
    }

    private static String number(double value) {
        return Double.toString(value).replaceFirst("\\.0$", "");
    }

    /// Reads `tuning.json`.
    public static Tuning read(Path file) throws IOException {
        return Documents.readJson(file, Tuning.class, "delete it, and the same command chooses anew");
    }

    /// Writes `tuning.json`, with all digits: the values are looked up by it.
    public void write(Path file) throws IOException {
        Documents.writeJson(file, this);
    }
}
