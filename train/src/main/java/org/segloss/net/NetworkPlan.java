package org.segloss.net;

/// A network in a few numbers.
///
/// @param architecture U-Net or V-Net
/// @param dimensions   2 or 3
/// @param inputs       image channels
/// @param outputs      logits for each voxel
/// @param width        channels of the first level; doubled on each further one
/// @param levels       resolutions, the first included
/// @param heads        on how many of them, from the finest on, logits are made, which a training sets right together:
///                     deep supervision (Lee, Xie, Gallagher, Zhang and Tu 2015); 1 for the finest alone
public record NetworkPlan(
        Architecture architecture, int dimensions, int inputs, int outputs, int width, int levels, int heads) {

    public enum Architecture {
        /// Ronneberger, Fischer and Brox (2015), in the form of nnU-Net: see [UNet].
        UNET,
        /// The U-Net with residual levels on the way down: see [UNet].
        RESUNET,
        /// Milletari, Navab and Ahmadi (2016), residual: see [VNet].
        VNET
    }

    public NetworkPlan {
        if (dimensions != 2 && dimensions != 3) {
            throw new IllegalArgumentException("a network has 2 or 3 dimensions, not " + dimensions);
        }
        positive("input channels", inputs);
        positive("output channels", outputs);
        positive("a width", width);
        positive("levels", levels);
        if (levels > 8) {
            throw new IllegalArgumentException("a network has at most 8 levels, not " + levels);
        }
        if (heads < 1 || heads > Math.max(1, levels - 1)) {
            throw new IllegalArgumentException("a network with %d levels has from 1 to %d heads, not %d"
                    .formatted(levels, Math.max(1, levels - 1), heads));
        }
    }

    private static void positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("a network needs %s of at least 1, not %d".formatted(what, value));
        }
    }

    /// {@return what every edge of an image has to be a multiple of, because each level halves it}
    public int multiple() {
        return multiple(levels);
    }

    /// {@return the same of any network with so many levels}
    public static int multiple(int levels) {
        return 1 << (levels - 1);
    }

    /// {@return the channels of a level, 0 being the full resolution}
    int channels(int level) {
        return width << level;
    }
}
