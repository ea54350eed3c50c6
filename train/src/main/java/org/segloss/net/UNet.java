package org.segloss.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.segloss.plan.NetworkPlan;
import org.segloss.torch.Features;

/// The U-Net: down to coarse features, up again, and at every level the fine features of the way down beside the
/// upsampled ones.
///
/// Each level has two convolutions, each with instance norm and leaky ReLU. The first of a level strides
/// where others pool: a strided convolution learns what to keep, and pooling in 3-D costs more than it does. On the way
/// down of the residual form what came into a level is added to what comes out, by a pointwise convolution and a norm.
/// In the attentive form the fine features go through an [AttentionGate].
final class UNet implements ForwardPass {

    /// Two convolutions.
    private record Block(ConvNorm first, ConvNorm second) implements Layer {

        static Block of(Initializer init, String name, int in, int out, int[] edges, int[] stride) {
            return new Block(
                    ConvNorm.of(init, name + ".0", in, out, edges, stride),
                    ConvNorm.of(init, name + ".1", out, out, edges, init.each(1)));
        }

        @Override
        public Features apply(Features x) {
            return second.rectified(first.rectified(x));
        }

        /// {@return what the convolutions make of `coarse`, upsampled, with `fine` beside it}
        Features apply(Features coarse, int[] factors, Features fine) {
            return second.rectified(first.rectified(coarse, factors, fine));
        }
    }

    /// A block and the way around it.
    private record Residual(Block block, ConvNorm around) implements Layer {

        static Residual of(Initializer init, String name, int in, int out, int[] edges, int[] stride) {
            return new Residual(
                    Block.of(init, name, in, out, edges, stride),
                    ConvNorm.of(init, name + ".around", in, out, init.each(1), stride));
        }

        @Override
        public Features apply(Features x) {
            Features through = block.second.apply(block.first.rectified(x));
            return through.plus(around.apply(x)).leakyRelu();
        }
    }

    /// What a level on the way up sees of the fine features beside the coarse ones.
    interface Skip {
        /// @param coarse of the next coarser level
        Features apply(Features fine, Features coarse);
    }

    /// A level on the way up.
    private record Up(Skip skip, Upsample upsample, Block block) {
        Features apply(Features x, Features fine) {
            return block.apply(upsample.narrow(x), upsample.factors(), skip.apply(fine, x));
        }
    }

    /// Makes a level on the way down.
    private interface DownMaker {
        Layer make(Initializer init, String name, int in, int out, int[] edges, int[] stride);
    }

    /// Makes the skip of a level.
    private interface SkipMaker {
        Skip make(Initializer init, NetworkPlan plan, int level);
    }

    private final List<Layer> down = new ArrayList<>();
    private final List<Up> up = new ArrayList<>();
    private final Heads heads;

    static UNet plain(NetworkPlan plan, Initializer init) {
        return new UNet(plan, init, Block::of, UNet::whole);
    }

    static UNet residual(NetworkPlan plan, Initializer init) {
        return new UNet(plan, init, Residual::of, UNet::whole);
    }

    static UNet attentive(NetworkPlan plan, Initializer init) {
        return new UNet(plan, init, Block::of, AttentionGate::of);
    }

    private static Skip whole(Initializer init, NetworkPlan plan, int level) {
        return (fine, _) -> fine;
    }

    private UNet(NetworkPlan plan, Initializer init, DownMaker levels, SkipMaker skips) {
        int in = plan.inputs();
        for (int level = 0; level < plan.levels(); level++) {
            int out = plan.channels(level);
            String name = "down" + level;
            down.add(levels.make(init, name, in, out, plan.kernel(level), plan.stride(level)));
            in = out;
        }
        for (int level = plan.levels() - 2; level >= 0; level--) {
            int out = plan.channels(level);
            up.add(new Up(
                    skips.make(init, plan, level),
                    Upsample.of(init, "up" + level, 2 * out, out, plan.stride(level + 1)),
                    Block.of(init, "up" + level, 2 * out, out, plan.kernel(level), init.each(1))));
        }
        heads = Heads.of(init, plan);
    }

    @Override
    public List<Features> apply(Features images) {
        Deque<Features> fine = new ArrayDeque<>();
        Features x = images;
        for (Layer level : down) {
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
