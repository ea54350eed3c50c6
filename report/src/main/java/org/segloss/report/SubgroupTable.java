package org.segloss.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.compare.MetricFamily;
import org.segloss.compare.Subgroups;

/// The losses on each subgroup of the cases by one column.
///
/// @param metric as it stands in a sentence
/// @param least  so many independent cases an interval needs
/// @param parts  the subgroups with their sizes; empty if there are none
/// @param note   how numbers were split, how many cases have no value, and why there is no gap
public record SubgroupTable(String metric, String column, int least, List<String> parts, List<Row> rows, String note) {

    /// @param means a text for each subgroup
    public record Row(String loss, List<String> means, String gap) {}

    /// @param losses from the best on
    static List<SubgroupTable> of(MetricFamily family, List<String> losses) {
        return family.subgroups().stream()
                .map(of -> new SubgroupTable(
                        Wording.metric(family),
                        of.column(),
                        Subgroups.LEAST,
                        of.parts().stream()
                                .map(part -> "%s (n = %d)".formatted(part.name(), part.units()))
                                .toList(),
                        losses.stream().map(loss -> row(of, loss)).toList(),
                        note(of)))
                .toList();
    }

    private static Row row(Subgroups of, String loss) {
        var means = new ArrayList<String>();
        for (Subgroups.Part part : of.parts()) {
            part.means().stream()
                    .filter(mean -> mean.loss().equals(loss))
                    .map(mean -> Double.isNaN(mean.interval().low())
                            ? Numbers.plain(mean.mean())
                            : "%s (%s to %s)"
                                    .formatted(
                                            Numbers.plain(mean.mean()),
                                            Numbers.plain(mean.interval().low()),
                                            Numbers.plain(mean.interval().high())))
                    .forEach(means::add);
        }
        return new Row(
                loss,
                means,
                of.gaps().stream()
                        .filter(gap -> gap.loss().equals(loss))
                        .map(gap -> "%s (%s), %s beside %s"
                                .formatted(
                                        Numbers.plain(gap.gap()), Numbers.range(gap.interval()), gap.high(), gap.low()))
                        .findFirst()
                        .orElse("–"));
    }

    private static String note(Subgroups of) {
        return Stream.of(
                        of.rule(),
                        of.without() > 0 ? Numbers.count(of.without(), "test case") + " without a value" : "",
                        of.gaps().isEmpty() && !of.parts().isEmpty()
                                ? "no two subgroups are large enough for a gap"
                                : "")
                .filter(text -> !text.isEmpty())
                .map(text -> Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".")
                .collect(Collectors.joining(" "));
    }
}
