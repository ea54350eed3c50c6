package org.segloss.kernel;

/// The arithmetic on the voxels of a block, in which a backend's passes are written. A plane is one number for each of
/// them, an array in its own type.
///
/// [PlainKernels] is written to be believed, [LaneKernels] to be fast. Both do the same to within the precision of
/// their planes, and their tests hold each method of one against that of the other. Passes call the methods of the one
/// that they are made of, which the JVM then inlines: no program takes any `Kernels`, only the tests do.
///
/// Every method works on the first `n` voxels. Callers round `n` [up][#padded], and fill the rest of a block with
/// voxels that don't count: their targets and probabilities are 0, and so vanish from all sums and gradients. A plane
/// to be written is none of those to be read, unless a method says so.
///
/// @param <P> a plane
public interface Kernels<P> {
    /// Voxels of a block at most. Four planes of floats fill half of a small first-level cache.
    int BLOCK = 1024;

    /// {@return `n` rounded up to a number of voxels that the methods take}
    int padded(int n);

    // ---------------------------------------------------------------- activations

    /// `p = 1 / (1 + exp(-z))` and `q = 1 - p`, both to full relative precision.
    void sigmoid(P z, int n, P q, P p);

    /// As [#sigmoid], with the logarithms of both.
    void logSigmoid(P z, int n, P q, P p, P logQ, P logP);

    /// The softmax over the planes of `z`, with its logarithms: in double to full relative precision, in float
    /// to that of a probability of 1. All are NaN where a logit is NaN or plus infinity, or all of them are
    /// minus infinity.
    void logSoftmax(P[] z, int n, P[] p, P[] logP);

    // ---------------------------------------------------------------- targets, and voxels that don't count

    /// 1 where the label is `k`, otherwise 0.
    void indicator(int[] labels, int n, int k, P out);

    /// Writes `value` where `keep` is 0, whatever is there.
    void drop(P plane, P keep, int n, double value);

    // ---------------------------------------------------------------- sums

    /// Adds `sum(p y), sum(p), sum(y), sum(p p), sum(y y)` to five numbers of `sums` from `at` on.
    void overlapSums(P p, P y, int n, double[] sums, int at);

    /// Adds the sums of `(1 - p)² y`, `p² (1 - y)` and `|p - y|` to three numbers of `sums` from `at` on.
    void extraSums(P p, P y, int n, double[] sums, int at);

    /// {@return `sum` and the sum of `a b`}
    double dot(P a, P b, int n, double sum);

    // ---------------------------------------------------------------- errors to be ranked

    /// `-sum_k y_k logP_k`, and 0 log 0 is 0
    void crossEntropies(P[] y, P[] logP, int n, P errors);

    /// `|y - p|`, with a negative sign, that of 0 too, where `y` is 1
    void absoluteErrors(P p, P y, int n, P errors);

    /// `max(0, 1 - z (2y - 1))`, with a negative sign, that of 0 too, where `y` is 1; NaN stays NaN
    void hingeErrors(P z, P y, int n, P errors);

    // ---------------------------------------------------------------- gradients
    // A gradient by log p is that by p times p: for the first `times` is the plane of p, for the second one of ones.

    /// `gradient += factor x`
    void addMultiple(P x, int n, double factor, P gradient);

    /// `gradient += factor x times`
    void addProduct(P x, P times, int n, double factor, P gradient);

    /// `gradient -= factor weights y`: by `log p`, the cross-entropy of voxels that have weights.
    void addCrossEntropyGradient(P y, P weights, int n, double factor, P gradient);

    /// `gradient += factor weights (1 - 2y) times`: the derivative of `|y - p|` by `p`.
    void addAbsoluteErrorGradient(P times, P y, P weights, int n, double factor, P gradient);

    /// `gradient -= factor weights (2y - 1)`: the derivative of the hinge by the logit.
    void addHingeGradient(P y, P weights, int n, double factor, P gradient);

    /// What a function of the sums of a class adds:
    ///
    /// ```
    /// gradient += times (py y + p' + 2 (pp p - fn (1 - p) y + fp p (1 - y)) + absolute sign(p - y))
    /// ```
    ///
    /// @param by the derivatives by these sums
    void addOverlapGradient(P times, P p, P y, int n, SumGradients by, P gradient);

    // ---------------------------------------------------------------- chain rule, from log p to the logits

    /// `dz = q byLogP - p byLogQ`
    void sigmoidChain(P byLogQ, P byLogP, P q, P p, int n, P dz);

    /// `dz_c = byLogP_c - p_c sum(byLogP)`, in place of the gradient by `log p`; the probabilities add up to 1.
    void softmaxChain(P[] byLogP, P[] p, int n);
}
