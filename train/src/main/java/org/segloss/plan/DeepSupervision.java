package org.segloss.plan;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// On how many of its resolutions a network can be trained with given losses.
final class DeepSupervision {
    /// As many logits as this are enough for any loss.
    private static final int ENOUGH = 1 << 26;

    private DeepSupervision() {}

    /// {@return on how many heads all losses can be evaluated, `most` or fewer}: some need an image of a
    /// certain size
    ///
    /// @param patch   edges of a network's input (z, y, x)
    /// @param strides of the network
    /// @throws IllegalArgumentException if a loss can't even be evaluated on the patch
    static int heads(List<Loss> losses, Task task, int[] patch, List<List<Integer>> strides, int most) {
        for (int heads = most; heads > 1; heads--) {
            try {
                check(losses, task, patch, strides, heads);
                return heads;
            } catch (IllegalArgumentException _) {
                // fewer, then
            }
        }
        check(losses, task, patch, strides, 1);
        return 1;
    }

    /// @throws IllegalArgumentException if a loss can't be evaluated on the coarsest head
    static void check(List<Loss> losses, Task task, int[] patch, List<List<Integer>> strides, int heads) {
        int[] coarser = NetworkPlan.multiples(strides.subList(0, heads - 1));
        int z = patch[0] / coarser[0];
        int y = patch[1] / coarser[1];
        int x = patch[2] / coarser[2];
        Shape shape = new Shape(1, task.channels(), z, y, x);
        if (shape.elements() > ENOUGH) {
            return;
        }
        Prediction nothing = Prediction.logits(MemorySegment.ofArray(new float[(int) shape.elements()]), shape);
        boolean multilabel = task.kind() == Task.Kind.MULTILABEL;
        Target background = multilabel
                ? Target.probabilities(MemorySegment.ofArray(new float[(int) shape.elements()]))
                : Target.labels(MemorySegment.ofArray(new byte[z * y * x]));
        for (Loss loss : losses) {
            LossEvaluator evaluator = new LossEvaluator(loss, multilabel ? task.ignoringNothing() : task);
            try {
                evaluator.evaluate(nothing, background);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s can't be trained with a patch of %d x %d x %d (z, y, x)%s: %s"
                                .formatted(
                                        loss.text(),
                                        patch[0],
                                        patch[1],
                                        patch[2],
                                        heads == 1
                                                ? ""
                                                : " and %d heads, each on half the resolution of the one before"
                                                        .formatted(heads),
                                        e.getMessage()),
                        e);
            }
        }
    }
}
