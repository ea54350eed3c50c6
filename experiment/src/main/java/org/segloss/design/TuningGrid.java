package org.segloss.design;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.segloss.plan.PlanJson;
import org.segloss.plan.TrainingPlan;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Numbers of a plan that each loss has its own of, and the values that they may have. Every combination is tried.
///
/// @param values by the number's name in `training` of `experiment.yaml`, the whole or its end: `learning-rate` is
///     `recipe.learning-rate`
public record TuningGrid(Map<String, List<Double>> values) {
    /// Nothing is tuned.
    public static final TuningGrid NONE = new TuningGrid(Map.of());
    /// The others follow from the data, or say how much is trained.
    private static final Pattern TUNABLE = Pattern.compile("recipe\\..*|batch|network\\.width");

    public TuningGrid {
        var copy = new LinkedHashMap<String, List<Double>>();
        values.forEach((name, own) -> copy.put(name, List.copyOf(own)));
        values = Collections.unmodifiableMap(copy);
        values.forEach((name, own) -> {
            if (own.size() < 2 || own.stream().distinct().count() < own.size()) {
                throw new IllegalArgumentException(
                        "tuning %s takes two values or more, no two alike, not %s".formatted(name, own));
            }
        });
    }

    /// Reads texts such as `learning-rate=1e-3,3e-3,1e-2`.
    ///
    /// @throws IllegalArgumentException if one is none
    public static TuningGrid parse(List<String> texts) {
        var values = new LinkedHashMap<String, List<Double>>();
        for (String text : texts) {
            int sign = text.indexOf('=');
            var own = new ArrayList<Double>();
            try {
                for (String number : text.substring(sign + 1).split(",", -1)) {
                    own.add(Double.valueOf(number.strip()));
                }
            } catch (NumberFormatException e) {
                own.clear();
            }
            if (sign < 1 || own.isEmpty()) {
                throw new IllegalArgumentException(
                        "'%s' says nothing to tune: a name and its values were expected, as learning-rate=1e-3,3e-3,1e-2"
                                .formatted(text));
            }
            if (values.put(text.substring(0, sign).strip(), own) != null) {
                throw new IllegalArgumentException("%s is tuned twice".formatted(text.substring(0, sign)));
            }
        }
        return new TuningGrid(values);
    }

    /// A plan with values of the grid.
    public record Point(Map<String, Double> values, TrainingPlan plan) {}

    /// {@return the plan with every combination of the values, those of the last number changing first}
    ///
    /// @throws IllegalArgumentException if the plan has no such number, or can't have a value
    public List<Point> of(TrainingPlan plan) {
        List<Point> points = List.of(new Point(Map.of(), plan));
        for (Map.Entry<String, List<Double>> number : values.entrySet()) {
            var more = new ArrayList<Point>();
            for (Point point : points) {
                for (double value : number.getValue()) {
                    var own = new LinkedHashMap<>(point.values);
                    own.put(number.getKey(), value);
                    more.add(new Point(own, with(point.plan, number.getKey(), value)));
                }
            }
            points = more;
        }
        return points;
    }

    private static TrainingPlan with(TrainingPlan plan, String name, double value) {
        ObjectNode tree = PlanJson.tree(plan);
        var numbers = new TreeMap<String, ObjectNode>();
        collect("", tree, numbers);
        List<String> meant = numbers.keySet().stream()
                .filter(path -> path.equals(name) || path.endsWith("." + name))
                .toList();
        if (meant.size() != 1) {
            throw new IllegalArgumentException("%s can't be tuned: the numbers of a training are %s"
                    .formatted(name, String.join(", ", numbers.keySet())));
        }
        String path = meant.getFirst();
        ObjectNode part = numbers.get(path);
        String leaf = path.substring(path.lastIndexOf('.') + 1);
        if (part.get(leaf).isIntegralNumber()) {
            if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("%s is a whole number, and can't be %s".formatted(name, value));
            }
            part.put(leaf, (int) value);
        } else {
            part.put(leaf, value);
        }
        try {
            return PlanJson.read(tree, TrainingPlan.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s can't be %s: %s".formatted(name, value, e.getMessage()), e);
        }
    }

    /// Finds the numbers of a tree that can be tuned, each with the part that has it.
    private static void collect(String prefix, ObjectNode tree, Map<String, ObjectNode> numbers) {
        for (Map.Entry<String, JsonNode> child : tree.properties()) {
            String path = prefix + child.getKey();
            if (child.getValue() instanceof ObjectNode part) {
                collect(path + ".", part, numbers);
            } else if (child.getValue().isNumber() && TUNABLE.matcher(path).matches()) {
                numbers.put(path, tree);
            }
        }
    }
}
