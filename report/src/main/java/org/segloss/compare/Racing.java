package org.segloss.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.segloss.run.Outcome;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Elimination;
import org.segloss.stat.Quantiles;

/// A race on its way: who is still in after the blocks so far. The same scores give the same decisions.
///
/// A block is one training, in one fold with one seed, of each loss that is still in.
public final class Racing {
    private final List<String> losses;
    private final int folds;
    private final int blocks;
    private final ComparisonRules rules;
    private final MetricScale scale;
    private final double margin;
    private final List<String> in;
    private final List<Block> done = new ArrayList<>();
    private final List<Race.Look> looks = new ArrayList<>();
    private int trainings;

    /// @param values of each loss that was trained to its end, by unit, turned so that more is better
    private record Block(int fold, Map<String, double[]> values) {}

    /// @param folds of each seed; a block for each fold with each seed
    /// @throws IllegalArgumentException if a race can't be decided by the rules' metric
    public Racing(List<String> losses, int folds, int seeds, ComparisonRules rules) {
        this.losses = List.copyOf(losses);
        this.folds = folds;
        this.blocks = folds * seeds;
        this.rules = rules;
        this.scale = MetricScale.of(rules.metric(), rules);
        if (Double.isNaN(scale.worst())) {
            throw new IllegalArgumentException(
                    "a race can't be decided by %s: where nothing was predicted no number is known to be the worst; take a metric such as dice, and look at %1$s in the report"
                            .formatted(rules.metric()));
        }
        double given = Double.isNaN(rules.margin()) ? scale.margin() : rules.margin();
        this.margin = Double.isNaN(given) ? 0 : given;
        this.in = new ArrayList<>(losses);
    }

    /// {@return the losses that are still in, in their order}
    public List<String> in() {
        return List.copyOf(in);
    }

    /// {@return whether there is nothing left to decide}; the last loss goes on until each of its cases was tested with
    /// as many seeds
    public boolean isOver() {
        return looks.size() == blocks
                || in.isEmpty()
                || in.size() == 1 && !looks.isEmpty() && looks.size() % folds == 0;
    }

    /// Takes in a block, and decides who leaves.
    ///
    /// @param outcomes how the trainings of the losses that were in ended
    /// @param rows     of those that were done
    public Race.Look after(int fold, long seed, Map<String, Outcome> outcomes, List<ScoreRow> rows) {
        List<String> ended = in.stream()
                .filter(loss -> outcomes.get(loss).status() != Outcome.Ending.DONE)
                .toList();
        int trained = in.size();
        trainings += trained;
        in.removeAll(ended);
        done.add(new Block(fold, values(rows)));
        var elimination = new Elimination(losses.size(), blocks, margin);
        List<Race.Leaving> leaving = in.isEmpty()
                ? List.of()
                : elimination
                        .after(done.stream()
                                .map(block -> new Elimination.Block(
                                        block.fold,
                                        in.stream().map(block.values::get).toArray(double[][]::new)))
                                .toList())
                        .stream()
                        .map(gone -> new Race.Leaving(
                                in.get(gone.loss()),
                                mean(in.get(gone.loss())),
                                in.get(gone.rival()),
                                gone.ahead(),
                                gone.p(),
                                gone.level()))
                        .toList();
        leaving.forEach(gone -> in.remove(gone.loss()));
        double before = looks.isEmpty() ? 0 : looks.getLast().spent();
        var look = new Race.Look(fold, seed, trained, before + elimination.share(looks.size() + 1), leaving, ended);
        looks.add(look);
        return look;
    }

    private double mean(String loss) {
        return (scale.higherIsBetter() ? 1 : -1)
                * Quantiles.mean(done.stream()
                        .mapToDouble(block -> Quantiles.mean(block.values.get(loss)))
                        .toArray());
    }

    /// Each loss's value of each unit, the units in the order of their names.
    private Map<String, double[]> values(List<ScoreRow> all) {
        List<ScoreRow> rows = MetricFamily.known(all.stream()
                .filter(row -> rules.isPrimary(row.metric(), row.label()))
                .toList());
        Map<String, Map<String, List<Double>>> ofUnits = new LinkedHashMap<>();
        for (ScoreRow row : rows) {
            double value = MetricFamily.value(scale, row);
            ofUnits.computeIfAbsent(row.loss(), _ -> new TreeMap<>())
                    .computeIfAbsent(row.group(), _ -> new ArrayList<>())
                    .add(scale.higherIsBetter() ? value : -value);
        }
        return ofUnits.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        own -> own.getValue().values().stream()
                                .mapToDouble(cases -> cases.stream()
                                        .mapToDouble(x -> x)
                                        .average()
                                        .orElseThrow())
                                .toArray()));
    }

    /// {@return how it went so far}
    public Race race() {
        return new Race(rules.metric(), rules.label(), margin, losses.size() * blocks, trainings, blocks, looks, in);
    }
}
