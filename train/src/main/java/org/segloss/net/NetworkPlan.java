package org.segloss.net;

/// A network in a few numbers.
///
/// @param architecture U-Net or V-Net
/// @param dimensions   2 or 3
/// @param inputs       image channels
/// @param outputs      logits for each voxel
/// @param width        channels of the first level; doubled on each further one
/// @param levels       resolutions, the first included
public record NetworkPlan(Architecture architecture, int dimensions, int inputs, int outputs, int width, int levels) {

    public enum Architecture {
        UNET,
        VNET
    }
}
