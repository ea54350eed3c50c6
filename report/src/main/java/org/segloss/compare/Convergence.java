package org.segloss.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.run.LossFolder;
import org.segloss.run.StepTable;

/// Whether longer trainings would have changed the answer, by the curves of the trainings that were done.
///
/// A curve is read in three windows, a tenth of the steps wide and a fifth apart: from 50 to 60 %, from 70 to 80 % and
/// from 90 to 100 % of them. `a`, `b` and `c` are its means there, over all trainings of a loss.
///
/// - By the **Dice of the validation cases** the gain is `c - b`; a loss has converged if that is no more than 0.01,
///   which is what differences have to exceed to matter. The limit is where it ends if each fifth gains as much less
///   than the one before as the last one did: `c + (c - b) r / (1 - r)` with `r = (c - b) / (b - a)`, at most 0.9.
/// - Where nothing was validated, or too seldom, by the **training loss**: the gain is its fall in the last fifth
///   as a share of the whole fall, `(b - c) / (f - c)` with `f` the mean of the first twentieth. A loss has converged
///   if that is no more than 0.05. Losses have scales of their own, so there is no limit that would compare them.
///
/// Where the learning rate ends every curve is flat, however short the training was. So no curve tells of
/// trainings that saw each training case fewer than five times: they are all still open.
///
/// @param validated by the Dice of validation cases, or else by the training loss
/// @param epochs how many patches the trainings saw of each training case, in the mean over the cases; of the
/// training
///                  that saw the fewest
/// @param losses    in the experiment's order; those whose trainings have too few points to tell are left out
public record Convergence(boolean validated, double epochs, List<Learning> losses) {
    static final double MOST_GAIN = 0.01;
    static final double MOST_FALL = 0.05;
    static final double FEWEST_EPOCHS = 5;
    private static final double SLOWEST = 0.9;
    /// A curve of fewer points has no fifths.
    private static final int LEAST_POINTS = 5;

    private static final int SAMPLES = 11;
    private static final int MOST_NAMED = 4;

    public Convergence {
        losses = List.copyOf(losses);
    }

    /// How a loss learned at the end.
    ///
    /// @param end       the Dice on the validation cases, or the training loss, in the last tenth
    /// @param gain      in the last fifth
    /// @param limit     where the Dice would end; NaN where nothing was validated
    /// @param converged whether the gain is small enough not to matter
    public record Learning(String loss, double end, double gain, double limit, boolean converged) {}

    /// {@return what the trainings' files say; none where none has enough points and they weren't too short either}
    ///
    /// @param trainings the folders of each loss that was trained to its end
    /// @param epochs    as of the record
    /// @throws IOException if a file is missing or is no table of steps
    public static Optional<Convergence> read(Map<String, List<LossFolder>> trainings, double epochs)
            throws IOException {
        Map<String, List<List<double[]>>> dice = new LinkedHashMap<>();
        Map<String, List<List<double[]>>> loss = new LinkedHashMap<>();
        for (Map.Entry<String, List<LossFolder>> entry : trainings.entrySet()) {
            for (LossFolder folder : entry.getValue()) {
                if (Files.exists(folder.validation())) {
                    dice.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                            .add(StepTable.read(folder.validation(), "dice"));
                }
            }
        }
        Optional<Convergence> validated = of(true, epochs, dice);
        if (validated.isPresent()) {
            return validated;
        }
        for (Map.Entry<String, List<LossFolder>> entry : trainings.entrySet()) {
            for (LossFolder folder : entry.getValue()) {
                loss.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                        .add(StepTable.read(folder.training(), "loss"));
            }
        }
        Optional<Convergence> trained = of(false, epochs, loss);
        return trained.isEmpty() && epochs < FEWEST_EPOCHS
                ? Optional.of(new Convergence(false, epochs, List.of()))
                : trained;
    }

    /// @param validated as of the record
    /// @param epochs    as of the record
    /// @param curves    `step, value` of each training of each loss
    static Optional<Convergence> of(boolean validated, double epochs, Map<String, List<List<double[]>>> curves) {
        var losses = new ArrayList<Learning>();
        curves.forEach((loss, own) -> {
            List<List<double[]>> told =
                    own.stream().filter(curve -> curve.size() >= LEAST_POINTS).toList();
            if (!told.isEmpty()) {
                losses.add(validated ? byDice(loss, told) : byLoss(loss, told));
            }
        });
        return losses.isEmpty() ? Optional.empty() : Optional.of(new Convergence(validated, epochs, losses));
    }

    private static Learning byDice(String loss, List<List<double[]>> curves) {
        double a = mean(curves, 0.5, 0.6);
        double b = mean(curves, 0.7, 0.8);
        double c = mean(curves, 0.9, 1);
        double gain = c - b;
        double shrinks = gain <= 0 ? 0 : b > a ? Math.min(gain / (b - a), SLOWEST) : SLOWEST;
        return new Learning(loss, c, gain, Math.min(1, c + gain * shrinks / (1 - shrinks)), gain <= MOST_GAIN);
    }

    private static Learning byLoss(String loss, List<List<double[]>> curves) {
        double first = mean(curves, 0, 0.05);
        double b = mean(curves, 0.7, 0.8);
        double c = mean(curves, 0.9, 1);
        double share = first > c ? (b - c) / (first - c) : 0;
        return new Learning(loss, c, share, Double.NaN, share <= MOST_FALL);
    }

    /// The mean of the curves between two shares of their steps, straight between points.
    private static double mean(List<List<double[]>> curves, double from, double to) {
        return curves.stream()
                .mapToDouble(curve -> {
                    double steps = curve.getLast()[0];
                    double sum = 0;
                    for (int i = 0; i < SAMPLES; i++) {
                        sum += at(curve, steps * (from + (to - from) * i / (SAMPLES - 1)));
                    }
                    return sum / SAMPLES;
                })
                .average()
                .orElseThrow();
    }

    private static double at(List<double[]> curve, double step) {
        int next = 0;
        while (next < curve.size() - 1 && curve.get(next)[0] < step) {
            next++;
        }
        double[] high = curve.get(next);
        if (next == 0 || high[0] <= step) {
            return high[1];
        }
        double[] low = curve.get(next - 1);
        return low[1] + (high[1] - low[1]) * (step - low[0]) / (high[0] - low[0]);
    }

    /// {@return whether one of these losses was still learning, so that their order may change}
    public boolean isOpen(String a, String b) {
        return isShort()
                || losses.stream().anyMatch(own -> !own.converged && (own.loss.equals(a) || own.loss.equals(b)));
    }

    private boolean isShort() {
        return epochs < FEWEST_EPOCHS;
    }

    /// {@return whether a loss was still learning, or nobody can tell}
    public boolean isOpen() {
        return isShort() || losses.stream().anyMatch(own -> !own.converged);
    }

    /// {@return whether longer training would change the answer, in words}
    public String sentence() {
        List<Learning> learning = losses.stream()
                .filter(own -> !own.converged)
                .sorted(Comparator.comparingDouble(Learning::gain).reversed())
                .toList();
        if (learning.isEmpty() && isShort()) {
            return "The trainings were too short to tell whether they had converged: %s, and where the learning rate ends every curve is flat. This ranks how fast losses learn, not where they end."
                    .formatted(seen());
        }
        if (learning.isEmpty()) {
            return validated
                    ? "Longer training would hardly change this: in the last fifth of the steps no loss gained more than 0.01 Dice on the validation cases."
                    : "Longer training would hardly change this: in the last fifth of the steps no training loss fell by more than 5 % of its whole fall.";
        }
        String gains = learning.stream()
                .limit(MOST_NAMED)
                .map(own -> validated
                        ? String.format(Locale.ROOT, "%s was still gaining %.2f Dice", own.loss, own.gain)
                        : String.format(
                                Locale.ROOT,
                                "the loss of %s was still falling, by %.0f %% of its fall",
                                own.loss,
                                100 * own.gain))
                .collect(Collectors.joining(", "));
        int more = learning.size() - MOST_NAMED;
        return "The trainings had not converged: in the last fifth of the steps %s%s%s. This ranks how fast losses learn, not where they end.%s"
                .formatted(
                        gains,
                        more > 0 ? ", and %d more".formatted(more) : "",
                        isShort() ? "; " + seen() : "",
                        overtaking());
    }

    private String seen() {
        return String.format(Locale.ROOT, "each training case was seen %.2g times", epochs);
    }

    /// Who would lead at the end, if that isn't who leads.
    private String overtaking() {
        Optional<Learning> ahead = losses.stream().max(Comparator.comparingDouble(Learning::end));
        Optional<Learning> last = losses.stream().max(Comparator.comparingDouble(Learning::limit));
        return validated && !ahead.equals(last)
                ? String.format(
                        Locale.ROOT,
                        " If the gains go on to shrink as they did, %s overtakes %s%s.",
                        last.orElseThrow().loss,
                        ahead.orElseThrow().loss,
                        // gains that hardly shrink lead anywhere
                        last.orElseThrow().limit < 1
                                ? String.format(Locale.ROOT, " and ends at %.2f", last.orElseThrow().limit)
                                : "")
                : "";
    }
}
