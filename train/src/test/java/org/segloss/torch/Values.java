package org.segloss.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;
import org.segloss.random.CounterRandom;

/// Random numbers of a shape, which a bfloat16 holds exactly.
public record Values(float[] numbers, long... shape) {
    public static Values of(String name, long... shape) {
        CounterRandom random = CounterRandom.of(1, name);
        float[] numbers = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (random.nextInt(17) - 8) / 8f;
        }
        return new Values(numbers, shape);
    }

    public Tensor tensor() {
        return Tensor.of(numbers, shape);
    }

    public Weights weights() {
        return new Weights(tensor(), Tensor.zeros("cpu", shape));
    }

    org.bytedeco.pytorch.Tensor variable() {
        return tensor().data().to(torch.ScalarType.Double).requires_grad_(true);
    }
}
