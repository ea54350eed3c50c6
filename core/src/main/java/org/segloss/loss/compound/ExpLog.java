package org.segloss.loss.compound;

import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Smooth;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.overlap.LogDice;
import org.segloss.loss.voxel.PowerCe;

/// Exponential logarithmic loss: a power of log Dice and a power of cross-entropy.
///
/// ```
/// diceWeight logDice(gamma) + ceWeight powerCe(gamma)
/// ```
///
/// The paper weighs classes by the root of one over their frequency in the training data; give those as `weights`.
///
/// @param diceWeight at least 0
/// @param ceWeight   at least 0
/// @param gamma      above 0
/// @param weights    one for each class, or none; of the mean over voxels
/// @see <a href="https://arxiv.org/abs/1809.00076">Wong et al. (2018), 3D segmentation with exponential
///     logarithmic loss for highly unbalanced object sizes</a>
@About(
        summary = "A power of log Dice and the same power of cross-entropy.",
        formula = "diceWeight*logDice(gamma) + ceWeight*powerCe(gamma)",
        range = "0 to infinity",
        use = "Classes of very different sizes.",
        avoid = "Samples that lack a class.",
        cost = "With gamma below 1 the plain evaluator in double: about ten times dice.",
        source = "Wong et al. (2018), https://arxiv.org/abs/1809.00076")
public record ExpLog(
        @Meaning("factor of log Dice") double diceWeight,
        @Meaning("factor of cross-entropy") double ceWeight,
        @Meaning("the exponent of both") double gamma,
        @Meaning("of each class in the mean over voxels") List<Double> weights)
        implements Compound {

    public ExpLog {
        Check.notNegative("expLog diceWeight", diceWeight);
        Check.notNegative("expLog ceWeight", ceWeight);
        weights = List.copyOf(weights);
    }

    public ExpLog() {
        this(0.8, 0.2, 0.3, List.of());
    }

    @Override
    public Loss expand() {
        return new LogDice(gamma, Smooth.of(1e-5), Reduction.ALL)
                .times(diceWeight)
                .plus(ceWeight, new PowerCe(gamma, TargetOptions.PLAIN.weighted(weights)));
    }
}
