package org.segloss.plan;

import java.util.Locale;
import java.util.Set;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Augmentation.Axis;

/// How a network learns, whatever the data and the loss.
///
/// @param learningRate its highest value; `fit.Schedule` says what it is at each step
/// @param augmentation how patches are changed
/// @param averaging    the decay of the running mean of the weights that is kept beside them and predicts in their
///                     place; 0 if there is none
/// @param mirroredViews whether a prediction is the mean over all views of an image that are mirrored along the axes of
///                     the augmentation
public record Recipe(
        Optimizer optimizer,
        double learningRate,
        Augmentation.Plan augmentation,
        double averaging,
        boolean mirroredViews) {

    public enum Optimizer {
        /// Adam with decoupled weight decay: Loshchilov and Hutter (2019). Blind to a loss's scale.
        ADAMW(3e-3),
        /// Stochastic gradient descent with Nesterov momentum 0.99 and gradients cut at norm 12, as in nnU-Net.
        SGD(1e-2);

        private final double learningRate;

        Optimizer(double learningRate) {
            this.learningRate = learningRate;
        }

        /// {@return the name as on the command line and in files}
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// {@return the rate that it takes if nobody says another}
        public double learningRate() {
            return learningRate;
        }
    }

    public Recipe {
        if (!(learningRate > 0 && Double.isFinite(learningRate))) {
            throw new IllegalArgumentException("a learning rate has to be positive, but is " + learningRate);
        }
        if (!(averaging >= 0 && averaging < 1)) {
            throw new IllegalArgumentException(
                    "the decay of the weights' mean has to be at least 0 and below 1, but is " + averaging);
        }
    }

    /// {@return the axes along which a prediction mirrors an image}
    public Set<Axis> views() {
        return mirroredViews ? augmentation.mirrored() : Set.of();
    }

    /// {@return an optimizer and nothing else}
    public static Recipe plain(Optimizer optimizer, double learningRate) {
        return new Recipe(optimizer, learningRate, Augmentation.Plan.NONE, 0, false);
    }
}
