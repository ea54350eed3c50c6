package org.segloss.torch;

/// Instance norm and what follows it, of one tensor of features, and its way back:
///
/// ```text
/// z = scale (x - mean) / sqrt(variance + 1e-5) + shift,   y = z where positive, elsewhere slope z
/// ```
///
/// with mean and variance of each channel of each sample.
public interface Norm {
    /// What is added to a variance.
    double EPSILON = 1e-5;

    /// {@return `y`}
    ///
    /// @param inPlace whether the features aren't needed any more: there is no way back then
    Tensor apply(boolean inPlace);

    /// {@return the gradient of the features}, and adds those of the weights to what is there
    ///
    /// @param dy used up
    Tensor back(Tensor dy);
}
