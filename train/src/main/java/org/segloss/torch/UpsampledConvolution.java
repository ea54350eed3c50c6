package org.segloss.torch;

import java.util.Optional;

/// The convolution of stride 1 of an image each voxel of which is repeated along some axes, and its way back.
public interface UpsampledConvolution {

    /// Adds the convolution to `y`, in place.
    void addTo(Tensor y);

    /// {@return the gradient of the image, if it is wanted}; adds that of the kernel to what is there
    ///
    /// @param dy gradient of what was added, the channels last
    Optional<Tensor> back(Tensor dy, boolean wanted);
}
