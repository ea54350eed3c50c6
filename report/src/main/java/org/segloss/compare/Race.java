package org.segloss.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// How a race went: which losses left after which block of trainings, and why.
///
/// @param metric  by which it was decided
/// @param label   the class that it was taken of
/// @param margin  how far behind the best a loss may be; 0 for not at all
/// @param planned how many trainings all losses would have needed
/// @param done    how many there were
/// @param blocks  how many there were to be at most
/// @param looks   one after each block that was done
/// @param in      the losses that are still in, in the experiment's order
public record Race(
        String metric,
        String label,
        double margin,
        int planned,
        int done,
        int blocks,
        List<Look> looks,
        List<String> in) {

    public Race {
        looks = List.copyOf(looks);
        in = List.copyOf(in);
    }

    /// What was decided after a block.
    ///
    /// @param trained how many losses were trained in it
    /// @param spent   of the family error of 5 %, so far, as a share
    /// @param leaving the losses that left
    /// @param ended   losses of which a training diverged or failed in it; they have no further part
    public record Look(int fold, long seed, int trained, double spent, List<Leaving> leaving, List<String> ended) {
        public Look {
            leaving = List.copyOf(leaving);
            ended = List.copyOf(ended);
        }
    }

    /// A loss that left, being behind another one by more than the margin.
    ///
    /// @param mean  of the loss, over the units and its blocks
    /// @param rival the one that is most certainly ahead of it
    /// @param ahead by how much that is: how much better its mean is
    /// @param p     one-sided, of no more than the margin
    /// @param level that p had to reach: its part of the 5 %
    public record Leaving(String loss, double mean, String rival, double ahead, double p, double level) {}

    /// A loss that left, and after which block, counted from 1.
    public record Left(int block, Leaving leaving) {}

    /// {@return those that left, the first ones first}
    public List<Left> left() {
        return IntStream.range(0, looks.size())
                .boxed()
                .flatMap(i -> looks.get(i).leaving.stream().map(leaving -> new Left(i + 1, leaving)))
                .toList();
    }

    /// {@return after which block a loss left, counted from 1; nothing if it didn't}
    public Optional<Integer> leftAfter(String loss) {
        return left().stream()
                .filter(gone -> gone.leaving.loss.equals(loss))
                .map(Left::block)
                .findFirst();
    }

    /// {@return who is still in, and what was saved, in two sentences}
    public String sentence() {
        int began = looks.getFirst().trained;
        String what =
                margin == 0 ? "the best" : String.format(Locale.ROOT, "the best, or within %s of it", number(margin));
        String who = in.isEmpty()
                ? "No loss is left."
                : in.size() == 1
                        ? "%s won the race: no other of %d losses can be %s.".formatted(in.getFirst(), began, what)
                        : "%d of %d losses can be %s: %s.".formatted(in.size(), began, what, String.join(", ", in));
        return "%s %d of %d trainings were done.".formatted(who, done, planned);
    }

    /// {@return what the race does to what is said of those that are still in}
    public String selection() {
        return "p-values are adjusted for all pairs of the %d losses that began, as those that are still in were chosen from them; 95 %% intervals are not, and the mean of the best of many is a little too good by chance."
                .formatted(looks.getFirst().trained);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
