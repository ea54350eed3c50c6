package org.segloss.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.Race;
import org.segloss.compare.Racing;
import org.segloss.dataset.Split;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.score.ScoreRow;

/// The jobs of a run that a race needed. They are done block by block: one fold with one seed, all losses that are
/// still in; every fold with the first seed, then with the next one.
///
/// Who leaves follows from the scores in the folders. So a race that was broken off goes on as it would have, and jobs
/// that were done and that it doesn't need count for nothing.
///
/// @param orders   in the order of the run's jobs
/// @param outcomes of each of them
record RacedJobs(List<Executor.Order> orders, List<Outcome> outcomes, Race race) {
    /// Two blocks decide who leaves for the first time; with no third one nothing could be saved.
    private static final int FEWEST_BLOCKS = 3;

    private static final int MOST_NAMED = 10;

    private record Block(int fold, long seed, List<Integer> jobs) {}

    /// @throws IllegalArgumentException if an experiment can't be a race
    static void check(Experiment experiment) {
        if (experiment.contest().competes()) {
            throw new IllegalArgumentException(
                    "a race and a choice on the validation cases exclude each other: choose first, and let those race that were chosen");
        }
        int blocks = experiment.done().size() * experiment.seeds().size();
        if (blocks < FEWEST_BLOCKS) {
            throw new IllegalArgumentException(
                    "a race is trained block by block, one fold with one seed, and losses leave from the second block on; this run has %d, but it takes %d or more: give --seeds S, such as --seeds 10, --folds K, or both"
                            .formatted(blocks, FEWEST_BLOCKS));
        }
        Set<String> tested = new HashSet<>();
        for (Split fold : experiment.done()) {
            for (String group :
                    fold.test().stream().map(experiment.groups()::of).collect(Collectors.toSet())) {
                if (!tested.add(group)) {
                    throw new IllegalArgumentException(
                            "in a race each fold has test cases of its own, but two folds test %s; give a split without that, or --folds K"
                                    .formatted(group));
                }
            }
        }
    }

    /// @throws IllegalArgumentException if the rules of a comparison can't be those of a race
    static void check(Settings settings, ComparisonRules rules) {
        if (rules.baseline().isPresent()) {
            throw new IllegalArgumentException(
                    "a race looks for the best of all losses, and has no baseline such as %s; 'segloss report RUN --baseline' compares those that are left with one"
                            .formatted(rules.baseline().get()));
        }
        var _ = new Racing(settings.losses(), 1, 1, rules);
    }

    /// @param jobs   of the run
    /// @param orders makes orders of the jobs with these numbers, of which a progress is told
    static RacedJobs run(
            List<Job> jobs,
            BiFunction<List<Integer>, Progress, List<Executor.Order>> orders,
            Executor executor,
            ComparisonRules rules,
            Progress progress)
            throws IOException {
        List<Block> blocks = blocks(jobs);
        int folds = (int) jobs.stream().map(Job::fold).distinct().count();
        var racing = new Racing(jobs.stream().map(Job::loss).distinct().toList(), folds, blocks.size() / folds, rules);
        var done = new ArrayList<Executor.Order>();
        Map<Integer, Outcome> ended = new HashMap<>();
        for (int b = 0; !racing.isOver(); b++) {
            Block block = blocks.get(b);
            List<Integer> numbers = block.jobs.stream()
                    .filter(number -> racing.in().contains(jobs.get(number).loss()))
                    .toList();
            List<Executor.Order> now =
                    orders.apply(numbers, part(progress, done.size(), numbers.size(), blocks.size() - b));
            List<Outcome> outcomes = executor.run(now);
            Map<String, Outcome> ofLoss = new HashMap<>();
            var rows = new ArrayList<ScoreRow>();
            for (int i = 0; i < now.size(); i++) {
                ended.put(now.get(i).number(), outcomes.get(i));
                ofLoss.put(now.get(i).job().loss(), outcomes.get(i));
                if (outcomes.get(i).status() == Outcome.Ending.DONE) {
                    ScoreRow.read(now.get(i).folder().scores()).stream()
                            .filter(now.get(i).job().scoring()::isFirst)
                            .forEach(rows::add);
                }
            }
            done.addAll(now);
            progress.say(sentence(
                    b + 1,
                    blocks.size(),
                    racing.after(block.fold, block.seed, ofLoss, rows),
                    racing.in().size()));
        }
        done.sort(Comparator.comparingInt(Executor.Order::number));
        return new RacedJobs(
                List.copyOf(done),
                done.stream().map(order -> ended.get(order.number())).toList(),
                racing.race());
    }

    private static List<Block> blocks(List<Job> jobs) {
        var blocks = new ArrayList<Block>();
        for (long seed : jobs.stream().map(Job::seed).distinct().toList()) {
            for (int fold : jobs.stream().map(Job::fold).distinct().toList()) {
                blocks.add(new Block(
                        fold,
                        seed,
                        IntStream.range(0, jobs.size())
                                .filter(i -> jobs.get(i).seed() == seed
                                        && jobs.get(i).fold() == fold)
                                .boxed()
                                .toList()));
            }
        }
        return blocks;
    }

    /// A block as a part of the race, as if nobody left any more: what is said to be left is the most that it can be.
    private static Progress part(Progress whole, int before, int now, int blocks) {
        return new Progress() {
            @Override
            public void say(String line) {
                whole.say(line);
            }

            @Override
            public void at(String work, double fraction, String detail) {
                whole.at(work, (before + fraction * now) / (before + now * blocks), detail);
            }
        };
    }

    private static String sentence(int block, int blocks, Race.Look look, int in) {
        List<String> gone = look.leaving().stream().map(Race.Leaving::loss).toList();
        String names = gone.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        String more = gone.size() > MOST_NAMED ? ", and %d more".formatted(gone.size() - MOST_NAMED) : "";
        return "Block %d of %d done: %s; %d %s in"
                .formatted(
                        block,
                        blocks,
                        gone.isEmpty()
                                ? "no loss leaves"
                                : "%d of %d losses leave the race (%s%s)"
                                        .formatted(gone.size(), look.trained(), names, more),
                        in,
                        in == 1 ? "is" : "are still");
    }
}
