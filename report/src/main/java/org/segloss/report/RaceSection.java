package org.segloss.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segloss.compare.Race;

/// How a race went, look by look.
///
/// @param metric in words
/// @param margin in words; empty for none
public record RaceSection(String metric, String margin, List<Look> looks, List<Gone> gone) {

    /// @param training which fold and seed
    /// @param left     how many were still in after it
    /// @param spent    of the family error, so far
    public record Look(int block, String training, int trained, int leaving, String ended, int left, String spent) {}

    /// A loss that left.
    public record Gone(String loss, int block, String mean, String rival, String ahead, String p, String level) {}

    static RaceSection of(Race race) {
        var looks = new ArrayList<Look>();
        for (Race.Look look : race.looks()) {
            looks.add(new Look(
                    looks.size() + 1,
                    "fold %d, seed %d".formatted(look.fold(), look.seed()),
                    look.trained(),
                    look.leaving().size(),
                    String.join(", ", look.ended()),
                    look.trained() - look.leaving().size() - look.ended().size(),
                    String.format(Locale.ROOT, "%.1f %%", 5 * look.spent())));
        }
        List<Gone> gone = race.left().stream()
                .map(left -> new Gone(
                        left.leaving().loss(),
                        left.block(),
                        Numbers.plain(left.leaving().mean()),
                        left.leaving().rival(),
                        Numbers.plain(left.leaving().ahead()),
                        small(left.leaving().p()),
                        small(left.leaving().level())))
                .toList();
        return new RaceSection(
                Wording.metric(race.metric()), race.margin() == 0 ? "" : Numbers.tick(race.margin()), looks, gone);
    }

    private static String small(double p) {
        return String.format(Locale.ROOT, "%.1e", p);
    }
}
