package org.segloss.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.file.Json;
import org.segloss.format.Formats;
import org.segloss.metric.OverlapMetric;
import org.segloss.metric.Score;
import tools.jackson.databind.JsonNode;

/// The Dice that nnU-Net (version 2) wrote into its `summary.json`, held against ours.
///
/// @param dice of each case and class; NaN where nnU-Net has none because neither mask has the class
record NnunetSummary(Map<Place, Double> dice) {
    /// Both programs divide whole numbers.
    private static final double ROUNDING = 1e-6;

    private static final Pattern REGION = Pattern.compile("\\(?\\s*\\d{1,9}(?:\\s*,\\s*\\d{1,9})*\\s*,?\\s*\\)?");

    /// @param labels that count as the class
    record Place(String caseId, SortedSet<Integer> labels) {}

    /// @param differs  whether a value is another one there
    /// @param sentence what is to be said of it
    record Check(boolean differs, String sentence) {}

    /// A value that is another one there.
    private record Other(Place place, double there, double here) {

        private double size() {
            double size = Math.abs(there - here);
            return Double.isNaN(size) ? 1 : size;
        }
    }

    /// @throws IOException if the file is no JSON, or none of nnU-Net's summaries
    static NnunetSummary read(Path file) throws IOException {
        JsonNode cases = Json.readPython(file).path("metric_per_case");
        if (!cases.isArray()) {
            throw new IOException(
                    "%s: there is no list 'metric_per_case', which nnU-Net version 2 writes".formatted(file));
        }
        var dice = new LinkedHashMap<Place, Double>();
        for (JsonNode one : cases) {
            String prediction = one.path("prediction_file").asString("");
            String name = prediction.substring(Math.max(prediction.lastIndexOf('/'), prediction.lastIndexOf('\\')) + 1);
            String id = Formats.IMAGES.withoutEnding(name);
            one.path("metrics").properties().forEach(entry -> {
                JsonNode value = entry.getValue().path("Dice");
                if (REGION.matcher(entry.getKey()).matches() && value.isNumber()) {
                    dice.put(new Place(id, labels(entry.getKey())), value.asDouble());
                }
            });
        }
        return new NnunetSummary(dice);
    }

    /// {@return the labels of a class, `1`, or of a region, `(1, 2)`}
    private static SortedSet<Integer> labels(String key) {
        return Arrays.stream(key.replaceAll("[()\\s]", "").split(","))
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// {@return how the two go together}
    ///
    /// @param file   that this was read from
    /// @param scores of the same predictions
    /// @param groups the classes of the scores
    Check check(Path file, List<CaseScore> scores, List<LabelGroup> groups) {
        Map<List<String>, Score> ours = new LinkedHashMap<>();
        scores.stream()
                .filter(score -> score.metric().equals(OverlapMetric.DICE))
                .forEach(score -> ours.put(List.of(score.id(), score.label()), score.score()));
        if (ours.isEmpty()) {
            return new Check(false, "%s was not checked, since Dice is not scored.".formatted(file));
        }
        var others = new ArrayList<Other>();
        int compared = 0;
        for (Map.Entry<Place, Double> entry : dice.entrySet()) {
            Place place = entry.getKey();
            Optional<Score> score = group(place.labels, groups)
                    .flatMap(group -> Optional.ofNullable(ours.get(List.of(place.caseId, group.name()))));
            if (score.isPresent()) {
                compared++;
                double here = comparable(score.get());
                double there = entry.getValue();
                if (Double.isNaN(here) != Double.isNaN(there) || Math.abs(here - there) > ROUNDING) {
                    others.add(new Other(place, there, here));
                }
            }
        }
        return new Check(!others.isEmpty(), sentence(file, compared, others));
    }

    /// The class of the same labels; where any label counts and the summary knows one class, they are the same.
    private Optional<LabelGroup> group(SortedSet<Integer> labels, List<LabelGroup> groups) {
        if (groups.size() == 1 && groups.getFirst().isAnyLabel()) {
            boolean one = dice.keySet().stream().map(Place::labels).distinct().count() == 1;
            return one ? Optional.of(groups.getFirst()) : Optional.empty();
        }
        return groups.stream().filter(group -> group.labels().equals(labels)).findFirst();
    }

    /// nnU-Net has no Dice where neither mask has the class.
    private static double comparable(Score score) {
        return switch (score.status()) {
            case BOTH_EMPTY, ALL_IGNORED -> Double.NaN;
            default -> score.value();
        };
    }

    private static String sentence(Path file, int compared, List<Other> others) {
        if (compared == 0) {
            return "%s was not checked: it has no Dice of these cases and classes.".formatted(file);
        }
        if (others.isEmpty()) {
            return "%s has the same Dice in all %d values.".formatted(file, compared);
        }
        Other largest = others.stream()
                .max((a, b) -> Double.compare(a.size(), b.size()))
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "%s has another Dice in %d of %d values, most so of %s, class %s: %s there, %s here. It may be of other predictions or of other references; the verdicts rest on what was scored here.",
                file,
                others.size(),
                compared,
                largest.place.caseId,
                largest.place.labels.stream().map(String::valueOf).collect(Collectors.joining("+")),
                text(largest.there),
                text(largest.here));
    }

    private static String text(double value) {
        return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.4f", value);
    }
}
