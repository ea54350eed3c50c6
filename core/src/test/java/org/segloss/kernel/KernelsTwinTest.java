package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every method of the contract, by the plain twin and by each of the [fast][#FAST].
class KernelsTwinTest {
    private static final Backend<double[]> PLAIN =
            new Backend<>(new PlainKernels(), double[]::clone, double[]::clone, double[][]::new);
    private static final List<Backend<?>> FAST =
            List.of(new Backend<>(new LaneKernels(), KernelsTwinTest::narrow, KernelsTwinTest::widen, float[][]::new));

    /// One, about a group of lanes, no power of two, a whole block.
    static IntStream sizes() {
        return IntStream.of(1, 31, 32, 33, 100, 1000, 1024);
    }

    /// A backend, and how its planes are made and read.
    private record Backend<P>(Kernels<P> kernels, Plane<P> of, Numbers<P> numbers, IntFunction<P[]> array) {
        P plane(double[] numbers) {
            return of.make(numbers);
        }

        P[] planes(double[][] numbers) {
            return Arrays.stream(numbers).map(this::plane).toArray(array);
        }
    }

    private interface Plane<P> {
        P make(double[] numbers);
    }

    private interface Numbers<P> {
        double[] of(P plane);
    }

    private static float[] narrow(double[] numbers) {
        float[] plane = new float[numbers.length];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (float) numbers[i];
        }
        return plane;
    }

    private static double[] widen(float[] plane) {
        return IntStream.range(0, plane.length).mapToDouble(i -> plane[i]).toArray();
    }

    /// What a method makes of planes.
    private interface Use {
        /// @param in  planes of input
        /// @param out planes to be written or added to
        /// @return sums, if there are any
        <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n);
    }

    /// Holds what the backends make of the same planes against each other, the numbers beyond `n` excepted.
    private static void compare(int n, double[][] in, double[][] out, double tolerance, Use use) {
        FAST.forEach(fast -> compare(fast, n, in, out, tolerance, use));
    }

    private static void compare(Backend<?> fast, int n, double[][] in, double[][] out, double tolerance, Use use) {
        double[][] ofPlain = Arrays.stream(out).map(double[]::clone).toArray(double[][]::new);
        double[][] ofFast = Arrays.stream(out).map(double[]::clone).toArray(double[][]::new);
        double[] plainSums = run(PLAIN, in, ofPlain, n, use);
        double[] fastSums = run(fast, in, ofFast, n, use);
        for (int k = 0; k < out.length; k++) {
            for (int i = 0; i < n; i++) {
                near(ofFast[k][i], ofPlain[k][i], tolerance, "plane %d, voxel %d of %d".formatted(k, i, n));
            }
        }
        assertThat(fastSums).hasSameSizeAs(plainSums);
        for (int k = 0; k < fastSums.length; k++) {
            near(fastSums[k], plainSums[k], tolerance * 3, "sum %d of %d voxels".formatted(k, n));
        }
    }

    private static <P> double[] run(Backend<P> backend, double[][] in, double[][] out, int n, Use use) {
        P[] inputs = backend.planes(in);
        P[] outputs = backend.planes(out);
        double[] sums =
                use.by(backend.kernels(), inputs, outputs, backend.kernels().padded(n));
        for (int k = 0; k < out.length; k++) {
            double[] numbers = backend.numbers().of(outputs[k]);
            System.arraycopy(numbers, 0, out[k], 0, n);
        }
        return sums;
    }

    private static void near(double actual, double expected, double tolerance, String where) {
        if (Double.isFinite(expected)) {
            assertThat(actual).as(where).isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
        } else {
            // NaN is NaN
            assertThat((Double) actual).as(where).isEqualTo((Double) expected);
        }
    }

    private static double[] random(int n, long seed, double low, double high) {
        Random random = new Random(seed);
        double[] numbers = new double[Kernels.BLOCK];
        for (int i = 0; i < n; i++) {
            // as a float has it, or the twins would begin with different numbers
            numbers[i] = (float) (low + random.nextDouble() * (high - low));
        }
        return numbers;
    }

    private static double[] logits(int n, long seed) {
        double[] z = random(n, seed, -12, 12);
        double[] special = {0, -0.0, 80, -80, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < Math.min(n, special.length); i++) {
            z[i * 7 % n] = special[i];
        }
        return z;
    }

    private static double[] hard(int n, long seed) {
        double[] y = random(n, seed, 0, 1);
        for (int i = 0; i < n; i++) {
            y[i] = y[i] > 0.6 ? 1 : 0;
        }
        return y;
    }

    private static double[][] blank(int planes) {
        return new double[planes][Kernels.BLOCK];
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sigmoids(int n) {
        double[][] in = {logits(n, 1)};
        compare(n, in, blank(2), 3e-7, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                kernels.sigmoid(in[0], n, out[0], out[1]);
                return new double[0];
            }
        });
        compare(n, in, blank(4), 5e-7, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                kernels.logSigmoid(in[0], n, out[0], out[1], out[2], out[3]);
                return new double[0];
            }
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void softmaxes(int n) {
        for (int classes = 2; classes < 6; classes++) {
            int count = classes;
            double[][] in = IntStream.range(0, count)
                    .mapToObj(c -> c == 0 ? random(n, c, -5, 5) : logits(n, c))
                    .toArray(double[][]::new);
            compare(n, in, blank(2 * count), 1e-6, new Use() {
                @Override
                public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                    P[] p = Arrays.copyOfRange(out, 0, count);
                    kernels.logSoftmax(in, n, p, Arrays.copyOfRange(out, count, 2 * count));
                    return new double[0];
                }
            });
        }
    }

    /// A voxel with such a number spoils the sums, and no other voxel.
    @ParameterizedTest
    @MethodSource("sizes")
    void numbersThatAreInfiniteOrNone(int n) {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double first : special) {
            for (double second : special) {
                double[][] in = {logits(n, 1), random(n, 2, -5, 5), hard(n, 3), random(n, 4, 0, 1)};
                in[0][n / 2] = first;
                in[1][n / 2] = second;
                in[1][n - 1] = second;
                in[3][n / 2] = first;
                compare(n, in, blank(11), 1e-6, new Use() {
                    @Override
                    public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                        kernels.sigmoid(in[0], n, out[0], out[1]);
                        kernels.logSigmoid(in[0], n, out[2], out[3], out[4], out[5]);
                        P[] z = Arrays.copyOf(in, 2);
                        kernels.logSoftmax(z, n, Arrays.copyOfRange(out, 6, 8), Arrays.copyOfRange(out, 8, 10));
                        kernels.hingeErrors(in[1], in[2], n, out[10]);
                        double[] sums = new double[9];
                        kernels.overlapSums(in[3], in[2], n, sums, 0);
                        kernels.extraSums(in[3], in[2], n, sums, 5);
                        sums[8] = kernels.dot(in[3], in[2], n, 0);
                        return sums;
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void targetsAndVoxelsThatDoNotCount(int n) {
        int[] labels = new int[Kernels.BLOCK];
        Random random = new Random(n);
        Arrays.setAll(labels, i -> i < n ? random.nextInt(-1, 4) : -1);
        compare(n, blank(0), blank(3), 0, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                for (int k = 0; k < out.length; k++) {
                    kernels.indicator(labels, n, k, out[k]);
                }
                return new double[0];
            }
        });
        double[] some = random(n, 5, -1, 1);
        some[n / 2] = Double.NaN;
        double[] keep = hard(n, 6);
        keep[n / 2] = 0;
        for (double value : new double[] {0, 3, Double.NaN}) {
            compare(n, new double[][] {keep}, new double[][] {some}, 0, new Use() {
                @Override
                public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                    kernels.drop(out[0], in[0], n, value);
                    return new double[0];
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sums(int n) {
        double[][] in = {random(n, 1, 0, 1), random(n, 2, 0, 1)};
        compare(n, in, blank(0), 1e-6, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                double[] sums = {9, 1, 2, 3, 4, 5, 6, 7, 8};
                kernels.overlapSums(in[0], in[1], n, sums, 1);
                kernels.extraSums(in[0], in[1], n, sums, 6);
                sums[0] = kernels.dot(in[0], in[1], n, sums[0]);
                return sums;
            }
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void errorsToBeRanked(int n) {
        double[] z = logits(n, 3);
        double[] y = hard(n, 4);
        double[][] in = {random(n, 1, 0, 1), y, z, random(n, 5, -9, 0), random(n, 6, -9, 0), inverse(y, n)};
        in[3][n / 2] = Double.NEGATIVE_INFINITY;
        compare(n, in, blank(3), 3e-7, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                kernels.absoluteErrors(in[0], in[1], n, out[0]);
                kernels.hingeErrors(in[2], in[1], n, out[1]);
                P[] y = Arrays.copyOfRange(in, 0, 2);
                y[0] = in[5];
                y[1] = in[1];
                kernels.crossEntropies(y, Arrays.copyOfRange(in, 3, 5), n, out[2]);
                return new double[0];
            }
        });
    }

    private static double[] inverse(double[] y, int n) {
        double[] inverse = new double[y.length];
        for (int i = 0; i < n; i++) {
            inverse[i] = 1 - y[i];
        }
        return inverse;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theSignOfAnErrorTellsTheForegroundEvenWhereItIsZero(int n) {
        double[] y = new double[Kernels.BLOCK];
        Arrays.fill(y, 0, n, 1);
        signs(PLAIN, y, n);
        FAST.forEach(fast -> signs(fast, y, n));
    }

    private static <P> void signs(Backend<P> backend, double[] y, int n) {
        double[] z = new double[Kernels.BLOCK];
        Arrays.fill(z, 0, n, 1);
        P[] planes = backend.planes(new double[][] {y, z, blank(1)[0]});
        int padded = backend.kernels().padded(n);
        backend.kernels().absoluteErrors(planes[0], planes[0], padded, planes[2]);
        assertThat(Math.copySign(1, backend.numbers().of(planes[2])[n - 1])).isEqualTo(-1);
        backend.kernels().hingeErrors(planes[1], planes[0], padded, planes[2]);
        assertThat(Math.copySign(1, backend.numbers().of(planes[2])[n - 1])).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void gradients(int n) {
        double[][] in = {random(n, 1, 0, 1), hard(n, 2), random(n, 3, 0, 2), random(n, 4, 0, 1)};
        double[][] out =
                IntStream.range(0, 7).mapToObj(k -> random(n, 10 + k, -1, 1)).toArray(double[][]::new);
        SumGradients sums = new SumGradients();
        sums.py = -1.5;
        sums.p = 0.25;
        sums.pp = 0.75;
        SumGradients extra = new SumGradients();
        extra.py = 0.5;
        extra.falseNegatives = 0.3;
        extra.falsePositives = -0.6;
        extra.absolute = 0.7;
        compare(n, in, out, 1e-6, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                kernels.addMultiple(in[0], n, -0.3, out[0]);
                kernels.addProduct(in[0], in[2], n, 0.7, out[1]);
                kernels.addCrossEntropyGradient(in[1], in[2], n, 0.4, out[2]);
                kernels.addAbsoluteErrorGradient(in[0], in[1], in[2], n, 0.6, out[3]);
                kernels.addHingeGradient(in[1], in[2], n, 0.9, out[4]);
                kernels.addOverlapGradient(in[3], in[0], in[1], n, sums, out[5]);
                kernels.addOverlapGradient(in[3], in[0], in[1], n, extra, out[6]);
                return new double[0];
            }
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void chainRule(int n) {
        double[][] in = IntStream.range(0, 7).mapToObj(k -> random(n, k, 0, 1)).toArray(double[][]::new);
        for (int i = 0; i < n; i++) {
            // the probabilities of a softmax
            double sum = in[4][i] + in[5][i] + in[6][i];
            for (int k = 4; k < 7; k++) {
                in[k][i] = (float) (in[k][i] / sum);
            }
        }
        double[][] out =
                IntStream.range(0, 4).mapToObj(k -> random(n, 10 + k, -1, 1)).toArray(double[][]::new);
        compare(n, in, out, 1e-6, new Use() {
            @Override
            public <P> double[] by(Kernels<P> kernels, P[] in, P[] out, int n) {
                kernels.softmaxChain(Arrays.copyOf(out, 3), Arrays.copyOfRange(in, 4, 7), n);
                kernels.sigmoidChain(in[0], in[1], in[2], in[3], n, out[3]);
                return new double[0];
            }
        });
    }
}
