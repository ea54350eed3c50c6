package org.segloss.loss.compound;

import org.segloss.loss.About;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.voxel.Ce;

/// Dice and cross-entropy, the usual compound: `dice + ce`.
///
/// @see <a href="https://doi.org/10.1038/s41592-020-01008-z">Isensee et al. (2021), nnU-Net</a>
@About(
        summary = "Dice and cross-entropy.",
        formula = "dice + ce",
        range = "0 to infinity",
        use = "The first thing to try: it is hard to beat.",
        avoid = "Nothing speaks against it as a start.",
        source = "Isensee et al. (2021), https://doi.org/10.1038/s41592-020-01008-z")
public record DiceCe() implements Compound {

    @Override
    public Loss expand() {
        return new Dice().plus(new Ce());
    }
}
