package org.segloss.design;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.segloss.loss.Loss;

/// What is compared, and what competes on the validation cases to stand for it.
///
/// @param families at least one, no two alike
/// @param grid     what each of them has its own values of
public record Contest(List<LossFamily> families, TuningGrid grid) {
    public Contest {
        families = List.copyOf(families);
        var seen = new HashSet<Set<Loss>>();
        for (LossFamily family : families) {
            if (!seen.add(Set.copyOf(family.members()))) {
                throw new IllegalArgumentException("the loss %s is listed twice".formatted(family.text()));
            }
        }
    }

    /// {@return one without competition}
    public static Contest of(List<Loss> losses) {
        return new Contest(losses.stream().map(LossFamily::of).toList(), TuningGrid.NONE);
    }

    /// {@return every loss that is trained}
    public List<Loss> losses() {
        return families.stream()
                .flatMap(family -> family.members().stream())
                .distinct()
                .toList();
    }

    /// {@return whether there is something to choose}
    public boolean competes() {
        return !grid.values().isEmpty() || families.stream().anyMatch(LossFamily::competes);
    }

    /// {@return how many trainings it takes in each fold to choose}
    public int trainings() {
        int points = grid.values().values().stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
        return families.stream()
                        .flatMap(family -> {
                            int own = family.members().size() * points;
                            return own > 1 ? family.members().stream() : Stream.of();
                        })
                        .distinct()
                        .toList()
                        .size()
                * points;
    }
}
