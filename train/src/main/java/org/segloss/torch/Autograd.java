package org.segloss.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// An operation whose way back libtorch's autograd finds.
///
/// libtorch records how the result was made of leaves, which share the memory of features and weights. The record
/// begins and ends there: what was done before and is done afterwards has ways back of its own. It is given up, with
/// all numbers that it holds, on the way back, or else at the end of the scope.
final class Autograd {
    private final List<Tensor> leaves = new ArrayList<>();
    private final Tensor recorded;

    /// @param features not those whose gradient nobody wants: they are constants of the operation
    Autograd(List<Tensor> features, List<Boolean> wanted, List<Tensor> weights, Features.Operation operation) {
        List<Tensor> x = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            x.add(wanted.get(i) ? leaf(features.get(i)) : features.get(i));
        }
        recorded = apply(operation, x, weights.stream().map(this::leaf).toList());
    }

    private Tensor leaf(Tensor tensor) {
        // unlike a copy it has its version in common with the tensor: a change in place is an error on the way back
        Tensor leaf = new Tensor(tensor.data().detach());
        leaf.data().requires_grad_(true);
        leaves.add(leaf);
        return leaf;
    }

    /// {@return what an operation makes of features and weights}; whatever else it makes is freed
    static Tensor apply(Features.Operation operation, List<Tensor> features, List<Tensor> weights) {
        return Scope.result(() -> operation.apply(
                features,
                weights.stream()
                        .map(weight -> weight.to(features.getFirst().precision()))
                        .toList()));
    }

    /// {@return what was made}, without the record
    Tensor value() {
        return new Tensor(recorded.data().detach());
    }

    /// Gives the gradients of the wanted features, then those of the weights, to `sink`, each in memory that libtorch
    /// may also use for another or for `dy`, and that is valid during the call. There is no other way back.
    ///
    /// @param dy used up
    void back(Tensor dy, Sink sink) {
        try (TensorVector results = new TensorVector(recorded.data());
                TensorVector variables = new TensorVector();
                TensorVector upstream = new TensorVector(dy.data());
                BoolOptional keepingTheRecord = new BoolOptional(false)) {
            leaves.forEach(leaf -> variables.push_back(leaf.data()));
            try (TensorVector gradients = torch.grad(results, variables, upstream, keepingTheRecord, false, false)) {
                for (int i = 0; i < leaves.size(); i++) {
                    sink.take(i, new Tensor(gradients.get(i)));
                }
            }
        }
        leaves.forEach(Tensor::free);
        recorded.free();
        dy.free();
    }

    /// Where gradients go.
    interface Sink {
        void take(int leaf, Tensor gradient);
    }
}
