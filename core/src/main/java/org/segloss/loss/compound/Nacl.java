package org.segloss.loss.compound;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.volume.NeighborPenalty;
import org.segloss.loss.voxel.Ce;

/// Neighbour-aware calibration: cross-entropy, and a penalty on logits that are far from the labels around them.
///
/// ```
/// ce + alpha neighborPenalty(distance, kernel, sigma)
/// ```
///
/// @param alpha    at least 0
/// @param distance of logit and share of the neighbourhood
/// @param kernel   of the neighbourhood
/// @param sigma    of the Gaussian
/// @see <a href="https://arxiv.org/abs/2304.06796">Murugesan et al. (2023), Trust your neighbours: penalty-based
///     constraints for model calibration</a>
@About(
        summary = "Cross-entropy with logits held near the labels around them: calibrated probabilities.",
        formula = "ce + alpha*neighborPenalty",
        range = "0 to infinity",
        use = "Probabilities that should mean something; multiclass tasks.",
        avoid = "Where overlap alone is scored.",
        cost = "As neighborPenalty.",
        source = "Murugesan et al. (2023), https://arxiv.org/abs/2304.06796")
public record Nacl(
        @Meaning("factor of the penalty") double alpha,
        @Meaning("l1 or l2") NeighborPenalty.Distance distance,

        @Meaning("weights of the neighbourhood: mean, or gaussian")
        NeighborPenalty.Kernel kernel,

        @Meaning("of the Gaussian, in voxels") double sigma)
        implements Compound {

    public Nacl {
        Check.notNegative("nacl alpha", alpha);
    }

    public Nacl() {
        this(0.1, NeighborPenalty.Distance.L1, NeighborPenalty.Kernel.MEAN, 1);
    }

    @Override
    public Loss expand() {
        return new Ce().plus(alpha, new NeighborPenalty(distance, kernel, sigma, Reduction.ALL));
    }
}
