package org.segloss.plan;

import java.util.Locale;

/// The networks that a plan can ask for: the list that a new one is added to. `net.Network` makes each.
public enum Architecture {
    /// Ronneberger, Fischer and Brox (2015), in the form of nnU-Net.
    UNET,
    /// The U-Net with residual levels on the way down.
    RESUNET,
    /// Oktay et al. (2018): the U-Net with attention gates between the way down and the way up.
    ATTUNET,
    /// Milletari, Navab and Ahmadi (2016), residual.
    VNET;

    /// {@return the name as on the command line and in files}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
