package org.segloss.kernel;

import java.util.Arrays;

/// The plain twin: the formulas as they are written, in double precision, one voxel at a time.
public final class PlainKernels implements Kernels<double[]> {
    private final double[] largest = new double[BLOCK];
    private final double[] sum = new double[BLOCK];
    private final double[] rest = new double[BLOCK];
    private final double[] ofFirst = new double[BLOCK];
    private final int[] first = new int[BLOCK];

    public PlainKernels() {}

    @Override
    public int padded(int n) {
        return n;
    }

    @Override
    public void sigmoid(double[] z, int n, double[] q, double[] p) {
        logSigmoid(z, n, q, p, q, p);
    }

    @Override
    public void logSigmoid(double[] z, int n, double[] q, double[] p, double[] logQ, double[] logP) {
        for (int i = 0; i < n; i++) {
            double log = Math.log1p(Math.exp(-Math.abs(z[i])));
            double ofP = Math.min(z[i], 0) - log;
            double ofQ = Math.min(-z[i], 0) - log;
            logP[i] = ofP;
            logQ[i] = ofQ;
            p[i] = Math.exp(ofP);
            q[i] = Math.exp(ofQ);
        }
    }

    @Override
    public void logSoftmax(double[][] z, int n, double[][] p, double[][] logP) {
        findLargest(z, n);
        // of all but the largest logit, whose exponential is 1: of a sure voxel they are all that is not lost
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < z.length; c++) {
            for (int i = 0; i < n; i++) {
                sum[i] += c == first[i] ? 0 : Math.exp(z[c][i] - largest[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            // NaN where the largest is infinite
            sum[i] = Math.log1p(sum[i]) + (largest[i] - largest[i]);
        }
        for (int c = 0; c < z.length; c++) {
            for (int i = 0; i < n; i++) {
                // in this order, or two logits of 1e20 would lose that they are two
                logP[c][i] = z[c][i] - largest[i] - sum[i];
                p[c][i] = Math.exp(logP[c][i]);
            }
        }
    }

    /// The first plane that has the largest number of each voxel.
    private void findLargest(double[][] planes, int n) {
        System.arraycopy(planes[0], 0, largest, 0, n);
        Arrays.fill(first, 0, n, 0);
        for (int c = 1; c < planes.length; c++) {
            for (int i = 0; i < n; i++) {
                // NaN is the largest of all
                if (!(planes[c][i] <= largest[i])) {
                    largest[i] = Math.max(largest[i], planes[c][i]);
                    first[i] = c;
                }
            }
        }
    }

    @Override
    public void indicator(int[] labels, int n, int k, double[] out) {
        for (int i = 0; i < n; i++) {
            out[i] = labels[i] == k ? 1 : 0;
        }
    }

    @Override
    public void drop(double[] plane, double[] keep, int n, double value) {
        for (int i = 0; i < n; i++) {
            plane[i] = keep[i] == 0 ? value : plane[i];
        }
    }

    @Override
    public void overlapSums(double[] p, double[] y, int n, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            sums[at] += p[i] * y[i];
            sums[at + 1] += p[i];
            sums[at + 2] += y[i];
            sums[at + 3] += p[i] * p[i];
            sums[at + 4] += y[i] * y[i];
        }
    }

    @Override
    public void extraSums(double[] p, double[] y, int n, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            sums[at] += (1 - p[i]) * (1 - p[i]) * y[i];
            sums[at + 1] += p[i] * p[i] * (1 - y[i]);
            sums[at + 2] += Math.abs(p[i] - y[i]);
        }
    }

    @Override
    public double dot(double[] a, double[] b, int n, double sum) {
        double all = sum;
        for (int i = 0; i < n; i++) {
            all += a[i] * b[i];
        }
        return all;
    }

    @Override
    public void crossEntropies(double[][] y, double[][] logP, int n, double[] errors) {
        Arrays.fill(errors, 0, n, 0);
        for (int k = 0; k < y.length; k++) {
            for (int i = 0; i < n; i++) {
                errors[i] -= y[k][i] == 0 ? 0 : y[k][i] * logP[k][i];
            }
        }
    }

    @Override
    public void absoluteErrors(double[] p, double[] y, int n, double[] errors) {
        for (int i = 0; i < n; i++) {
            double error = Math.abs(y[i] - p[i]);
            errors[i] = y[i] > 0 ? -error : error;
        }
    }

    @Override
    public void hingeErrors(double[] z, double[] y, int n, double[] errors) {
        for (int i = 0; i < n; i++) {
            double error = Math.max(0, 1 - (y[i] > 0 ? z[i] : -z[i]));
            errors[i] = y[i] > 0 ? -error : error;
        }
    }

    @Override
    public void addMultiple(double[] x, int n, double factor, double[] gradient) {
        for (int i = 0; i < n; i++) {
            gradient[i] += factor * x[i];
        }
    }

    @Override
    public void addProduct(double[] x, double[] times, int n, double factor, double[] gradient) {
        for (int i = 0; i < n; i++) {
            gradient[i] += factor * x[i] * times[i];
        }
    }

    @Override
    public void addCrossEntropyGradient(double[] y, double[] weights, int n, double factor, double[] gradient) {
        for (int i = 0; i < n; i++) {
            gradient[i] -= factor * weights[i] * y[i];
        }
    }

    @Override
    public void addAbsoluteErrorGradient(
            double[] times, double[] y, double[] weights, int n, double factor, double[] gradient) {
        for (int i = 0; i < n; i++) {
            double weight = factor * weights[i];
            gradient[i] += (y[i] > 0 ? -weight : weight) * times[i];
        }
    }

    @Override
    public void addHingeGradient(double[] y, double[] weights, int n, double factor, double[] gradient) {
        for (int i = 0; i < n; i++) {
            double weight = factor * weights[i];
            gradient[i] += y[i] > 0 ? -weight : weight;
        }
    }

    @Override
    public void addOverlapGradient(double[] times, double[] p, double[] y, int n, SumGradients by, double[] gradient) {
        for (int i = 0; i < n; i++) {
            double byP = by.py * y[i]
                    + by.p
                    + 2 * (p[i] * by.pp - (1 - p[i]) * y[i] * by.falseNegatives + p[i] * (1 - y[i]) * by.falsePositives)
                    + by.absolute * Math.signum(p[i] - y[i]);
            gradient[i] += times[i] * byP;
        }
    }

    @Override
    public void sigmoidChain(double[] byLogQ, double[] byLogP, double[] q, double[] p, int n, double[] dz) {
        for (int i = 0; i < n; i++) {
            dz[i] = q[i] * byLogP[i] - p[i] * byLogQ[i];
        }
    }

    @Override
    public void softmaxChain(double[][] byLogP, double[][] p, int n) {
        findLargest(p, n);
        // of all but the most probable class: of a sure voxel 1 - p and what is left are exact in no other way
        Arrays.fill(sum, 0, n, 0);
        Arrays.fill(rest, 0, n, 0);
        Arrays.fill(ofFirst, 0, n, 0);
        for (int c = 0; c < p.length; c++) {
            for (int i = 0; i < n; i++) {
                sum[i] += c == first[i] ? 0 : byLogP[c][i];
                rest[i] += c == first[i] ? 0 : p[c][i];
                ofFirst[i] += c == first[i] ? byLogP[c][i] : 0;
            }
        }
        for (int c = 0; c < p.length; c++) {
            for (int i = 0; i < n; i++) {
                byLogP[c][i] = c == first[i]
                        ? byLogP[c][i] * rest[i] - p[c][i] * sum[i]
                        : byLogP[c][i] - p[c][i] * (ofFirst[i] + sum[i]);
            }
        }
    }
}
