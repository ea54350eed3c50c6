package org.segloss.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.segloss.plan.NetworkPlan;
import org.segloss.torch.Features;

/// The V-Net: a U-Net whose levels are residual, with one convolution on the finest level, two on the next
/// and three on all further ones, and PReLU.
///
/// Kept from the paper: the additive shortcut around every level, strided convolutions of edge 2 in place of
/// pooling, the number of convolutions, a learnt slope for each channel. Different: kernels of edge 3 at most,
/// because two of them see what one of edge 5 sees for 54 weights instead of 125, and a convolution's time
/// is its weights; instance norm, without which the training needs far more steps; [Upsample] for the way up.
final class VNet implements ForwardPass {

    /// Convolution, norm and slope.
    private record Unit(ConvNorm convolution, Parameter slope) implements Layer {

        static Unit of(Initializer init, String name, int in, int out, int[] edges, int[] stride) {
            return new Unit(ConvNorm.of(init, name, in, out, edges, stride), init.constant(name + ".slope", out, 0.25));
        }

        @Override
        public Features apply(Features x) {
            return convolution.apply(x).prelu(slope.weights());
        }
    }

    /// Convolutions of one level. The last one meets the shortcut before its slope.
    private record Residual(List<Unit> units) {

        static Residual of(Initializer init, String name, int in, int out, int[] edges, int convolutions) {
            List<Unit> units = new ArrayList<>();
            for (int i = 0; i < convolutions; i++) {
                units.add(Unit.of(init, name + "." + i, i == 0 ? in : out, out, edges, init.each(1)));
            }
            return new Residual(units);
        }

        ConvNorm first() {
            return units.getFirst().convolution;
        }

        /// @param x what the first convolution made
        Features rest(Features x, Features shortcut) {
            for (int i = 1; i < units.size(); i++) {
                x = units.get(i)
                        .convolution
                        .apply(x.prelu(units.get(i - 1).slope.weights()));
            }
            return x.plus(shortcut).prelu(units.getLast().slope.weights());
        }
    }

    /// A level on the way down: how to come to it, and its convolutions.
    private record Down(Unit entry, Residual residual) {
        Features apply(Features x) {
            Features entered = entry.apply(x);
            return residual.rest(residual.first().apply(entered), entered);
        }
    }

    /// A level on the way up.
    private record Up(Upsample upsample, Residual residual) {
        Features apply(Features x, Features fine) {
            Features coarse = upsample.narrow(x);
            int[] factors = upsample.factors();
            return residual.rest(residual.first().apply(coarse, factors, fine), coarse.upsample(factors));
        }
    }

    private final List<Down> down = new ArrayList<>();
    private final List<Up> up = new ArrayList<>();
    private final Heads heads;

    VNet(NetworkPlan plan, Initializer init) {
        for (int level = 0; level < plan.levels(); level++) {
            int out = plan.channels(level);
            String name = "down" + level;
            // the image itself has too few channels for a shortcut: a pointwise unit widens it
            Unit entry = level == 0
                    ? Unit.of(init, name + ".entry", plan.inputs(), out, init.each(1), init.each(1))
                    : Unit.of(init, name + ".entry", out / 2, out, plan.stride(level), plan.stride(level));
            down.add(new Down(entry, Residual.of(init, name, out, out, plan.kernel(level), convolutions(level))));
        }
        for (int level = plan.levels() - 2; level >= 0; level--) {
            int out = plan.channels(level);
            String name = "up" + level;
            up.add(new Up(
                    Upsample.of(init, name, 2 * out, out, plan.stride(level + 1)),
                    Residual.of(init, name, 2 * out, out, plan.kernel(level), convolutions(level))));
        }
        heads = Heads.of(init, plan);
    }

    private static int convolutions(int level) {
        return Math.min(level + 1, 3);
    }

    @Override
    public List<Features> apply(Features images) {
        Deque<Features> fine = new ArrayDeque<>();
        Features x = images;
        for (Down level : down) {
            x = level.apply(x);
            fine.push(x);
        }
        List<Features> features = new ArrayList<>(List.of(fine.pop()));
        for (Up level : up) {
            x = level.apply(x, fine.pop());
            features.add(x);
        }
        return heads.apply(features);
    }
}
