package org.segloss.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.segloss.torch.Tensor;

/// The U-Net: down to coarse features, up again, and at every level the fine features of the way down beside the
/// upsampled ones.
///
/// Each level has two 3^d convolutions, each with instance norm and leaky ReLU. The first of a level strides 2
/// where others pool: a strided convolution learns what to keep, and pooling in 3-D costs more than it does.
final class UNet implements Layer {

    /// Two convolutions.
    private record Block(ConvNorm first, ConvNorm second) implements Layer {

        static Block of(Initializer init, String name, int in, int out, int stride) {
            return new Block(
                    ConvNorm.of(init, name + ".0", in, out, 3, stride), ConvNorm.of(init, name + ".1", out, out, 3, 1));
        }

        @Override
        public Tensor apply(Tensor x) {
            return second.apply(first.apply(x).leakyRelu()).leakyRelu();
        }
    }

    /// A level on the way up.
    private record Up(Upsample upsample, Block block) {}

    private final List<Block> down = new ArrayList<>();
    private final List<Up> up = new ArrayList<>();
    private final Head head;

    UNet(NetworkPlan plan, Initializer init) {
        int in = plan.inputs();
        for (int level = 0; level < plan.levels(); level++) {
            int out = plan.channels(level);
            down.add(Block.of(init, "down" + level, in, out, level == 0 ? 1 : 2));
            in = out;
        }
        for (int level = plan.levels() - 2; level >= 0; level--) {
            int out = plan.channels(level);
            up.add(new Up(
                    Upsample.of(init, "up" + level, 2 * out, out), Block.of(init, "up" + level, 2 * out, out, 1)));
        }
        head = Head.of(init, plan);
    }

    @Override
    public Tensor apply(Tensor x) {
        Deque<Tensor> fine = new ArrayDeque<>();
        for (Block block : down) {
            x = block.apply(x);
            fine.push(x);
        }
        fine.pop();
        for (Up level : up) {
            x = level.block.apply(level.upsample.apply(x).concatenate(fine.pop()));
        }
        return head.apply(x);
    }
}
