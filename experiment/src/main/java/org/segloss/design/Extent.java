package org.segloss.design;

import java.util.List;
import java.util.stream.IntStream;

/// How much of an experiment is done: it may be less than all folds, and trainings may go on after their end.
///
/// @param folds   those that are done, counted from 0; none for all
/// @param earlier the numbers of steps after which the trainings had ended before they were extended, each with its
///     own schedule; none where they never were
public record Extent(List<Integer> folds, List<Integer> earlier) {
    /// All folds, and trainings that end once.
    public static final Extent ALL = new Extent(List.of(), List.of());

    public Extent {
        folds = folds.stream().sorted().distinct().toList();
        earlier = List.copyOf(earlier);
        if (folds.stream().anyMatch(fold -> fold < 0)) {
            throw new IllegalArgumentException("folds are counted from 0, but %s were given".formatted(folds));
        }
        for (int i = 0; i < earlier.size(); i++) {
            if (earlier.get(i) < 1 || i > 0 && earlier.get(i) <= earlier.get(i - 1)) {
                throw new IllegalArgumentException(
                        "trainings are extended to more steps each time, but they are to have ended after %s"
                                .formatted(earlier));
            }
        }
    }

    /// @throws IllegalArgumentException if there is no such fold, or the trainings don't go on after their last end
    public void check(int all, int steps) {
        if (!folds.isEmpty() && folds.getLast() >= all) {
            throw new IllegalArgumentException("there is no fold %d: %s"
                    .formatted(
                            folds.getLast(),
                            all == 1 ? "the data are split once" : "the folds are 0 to %d".formatted(all - 1)));
        }
        if (!earlier.isEmpty() && earlier.getLast() >= steps) {
            throw new IllegalArgumentException(
                    "trainings that have ended after %d steps can't go on to %d".formatted(earlier.getLast(), steps));
        }
    }

    /// {@return the folds that are done, of so many}
    public List<Integer> of(int all) {
        return folds.isEmpty() ? IntStream.range(0, all).boxed().toList() : folds;
    }
}
