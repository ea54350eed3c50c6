package org.segloss.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;

/// Both passes of a sigmoid channel, fused, for the losses that most trainings use. They read logits and labels, keep
/// probabilities and write the gradient in the caller's memory, or in scratch memory of the same kind.
///
/// There is one source of these loops and two classes of it, one for native memory and one for arrays. HotSpot makes
/// good code of a loop over a [MemorySegment] where it knows the segment's class; a loop that has seen both kinds
/// asks at every vector which it is, and a JVM that has seen three calls a method to find out.
///
/// The numbers of a block lie from the byte `at` on in their segment.
public interface SigmoidLoops {

    /// {@return loops over native memory}
    static SigmoidLoops overNative() {
        return new FusedSigmoid();
    }

    /// {@return loops over segments of `float[]`, with labels in `byte[]`}
    static SigmoidLoops overArrays() {
        return ArrayLoops.make();
    }

    /// {@return whether these are loops for logits and gradients in this segment}
    boolean take(MemorySegment floats);

    /// {@return whether these are loops for labels in this segment}
    boolean takeLabels(MemorySegment bytes);

    /// Reads the logits of a block.
    void start(MemorySegment z, long at, int n);

    /// Reads logits and labels of a block together.
    ///
    /// @param y gets the labels
    /// @return whether all labels are 0 or 1
    boolean start(MemorySegment z, long at, MemorySegment labels, long labelsAt, int n, float[] y);

    /// All that cross-entropy and overlap losses need of a channel, without its logarithms in memory:
    /// adds [the sums of an overlap][Kernels#overlapSums] to five numbers of `sums`. After [#start].
    ///
    /// @param packed gets the probabilities, for [#gradient], if `packs`
    /// @param marks  whether the labels, 0 and 1, are packed too
    /// @return the cross-entropy, the sum of `-y log p - (1 - y) log(1 - p)`; without `logarithms` it is 0.
    /// Not finite where a logit is infinite, NaN even if the target agrees with it
    double sums(
            MemorySegment packed,
            long at,
            float[] y,
            int n,
            boolean logarithms,
            boolean packs,
            boolean marks,
            double[] sums,
            int sumsAt);

    /// Focal losses of exponent 2 for labels 0 and 1: adds the sums of `-(1 - y) p^2 log(1 - p)` and of
    /// `-y (1 - p)^2 log p` to `sums`.
    ///
    /// @param packed what [#sums] has just made of this block
    void squareFocal(MemorySegment packed, long at, float[] y, int n, double[] sums);

    /// The gradient of `background` and `foreground` times the sums of [#squareFocal]: with `t` the probability of the
    /// label and `r = 1 - t` it is `r^2 (r - 2 t log t)`, and negative for the foreground.
    void squareFocalGradient(
            MemorySegment z,
            long zAt,
            MemorySegment packed,
            long at,
            boolean marked,
            float[] y,
            int n,
            float background,
            float foreground,
            float[] dz);

    /// `dz = p q (byPy y + byP + 2 byPp p) + weight ((1 - y) p - y q)`: what overlap losses and the cross-entropy add,
    /// in place of the [packed][LaneKernels#pack] probabilities.
    ///
    /// @param marked whether the labels are packed too; otherwise they are in `y`
    /// @param extra  added to it, if `adds`
    void gradient(
            MemorySegment packed,
            long at,
            boolean marked,
            float[] y,
            int n,
            float byPy,
            float byP,
            float byPp,
            float weight,
            boolean adds,
            float[] extra);

    /// The second class of the loops.
    final class ArrayLoops {
        private static final Class<?> COPY = copy();

        private ArrayLoops() {}

        private static Class<?> copy() {
            String name = FusedSigmoid.class.getSimpleName() + ".class";
            try (InputStream code = FusedSigmoid.class.getResourceAsStream(name)) {
                if (code == null) {
                    throw new IllegalStateException(
                            "%s is not among the resources of %s; keep class files where the program can read them, or start Java without the module jdk.incubator.vector"
                                    .formatted(name, FusedSigmoid.class.getModule()));
                }
                return MethodHandles.lookup()
                        .defineHiddenClassWithClassData(
                                code.readAllBytes(), FusedSigmoid.Kinds.ARRAYS, false, Lookup.ClassOption.NESTMATE)
                        .lookupClass();
            } catch (IOException e) {
                throw new UncheckedIOException(name + " can't be read", e);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        private static SigmoidLoops make() {
            try {
                return (SigmoidLoops) COPY.getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
