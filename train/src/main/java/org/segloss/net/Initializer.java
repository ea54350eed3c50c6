package org.segloss.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.segloss.random.CounterRandom;

/// Draws a network's first weights, as its layers ask for them.
///
/// Every number is a pure function of the seed and the parameter's name: the same for every loss, device and
/// platform.
final class Initializer {
    private final long seed;
    private final int dimensions;
    private final List<Parameter> parameters = new ArrayList<>();

    Initializer(long seed, int dimensions) {
        this.seed = seed;
        this.dimensions = dimensions;
    }

    /// {@return the same number for each axis}
    int[] each(int number) {
        int[] all = new int[dimensions];
        Arrays.fill(all, number);
        return all;
    }

    /// A kernel `(out, in, edges...)` of normal numbers with variance `2 / (in * voxels)`, which keeps the size of
    /// signals through rectifiers: He, Zhang, Ren and Sun (2015).
    Parameter kernel(String name, int out, int in, int[] edges) {
        return kernel(name, out, in, edges, 2);
    }

    /// A pointwise kernel with variance `1 / in`, for a layer with no rectifier behind it.
    Parameter pointwise(String name, int out, int in) {
        return kernel(name, out, in, each(1), 1);
    }

    private Parameter kernel(String name, int out, int in, int[] edges, double gain) {
        long[] shape = LongStream.concat(
                        LongStream.of(out, in), Arrays.stream(edges).asLongStream())
                .toArray();
        int inputs = in * Arrays.stream(edges).reduce(1, Math::multiplyExact);
        double deviation = Math.sqrt(gain / inputs);
        CounterRandom random = CounterRandom.of(seed, "weights/" + name);
        float[] values = new float[out * inputs];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return add(new Parameter(name, shape, values));
    }

    /// One number for each channel, all the same.
    Parameter constant(String name, int channels, double value) {
        float[] values = new float[channels];
        Arrays.fill(values, (float) value);
        return add(new Parameter(name, new long[] {channels}, values));
    }

    private Parameter add(Parameter parameter) {
        parameters.add(parameter);
        return parameter;
    }

    List<Parameter> parameters() {
        return List.copyOf(parameters);
    }
}
