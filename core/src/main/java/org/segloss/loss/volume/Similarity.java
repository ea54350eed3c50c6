package org.segloss.loss.volume;

import java.util.stream.IntStream;
import org.segloss.grid.Grid;
import org.segloss.loss.Check;
import org.segloss.loss.VolumeLoss;

/// The structural similarity of probabilities and target, as a mean over Gaussian windows.
///
/// ```
/// luminance           (2 mp my + k1²) / (mp² + my² + k1²)
/// contrast-structure  (2 spy + k2²) / (spp + syy + k2²)
/// ```
///
/// `m`, `s` are the means, variances and the covariance in a window.
///
/// @param window voxels along an axis, odd, from 3 to 999
/// @param sigma  of the window, in voxels
/// @param k1     above 0
/// @param k2     above 0
record Similarity(double window, double sigma, double k1, double k2) {
    /// Of a sum of weights; the least weight of a window's corner may be less, and then it doesn't matter.
    private static final double ROUNDING = 1e-12;

    Similarity {
        Check.that(
                window >= 3 && window <= 999 && window % 2 == 1,
                "window has to be an odd number from 3 to 999, but is %s",
                window);
        Check.that(sigma > 0 && Double.isFinite(sigma), "sigma has to be a number above 0, but is %s", sigma);
        Check.that(k1 > 0 && Double.isFinite(k1), "k1 has to be a number above 0, but is %s", k1);
        Check.that(k2 > 0 && Double.isFinite(k2), "k2 has to be a number above 0, but is %s", k2);
    }

    /// What is compared.
    record Images(double[] p, double[] y, boolean[] counts, Grid grid, int threads) {

        static Images of(VolumeLoss.Field field) {
            return new Images(field.values(), field.target(), field.counts(), field.grid(), field.threads());
        }

        /// {@return the length of the shortest axis}
        int shortest() {
            int inSlice = Math.min(grid.y(), grid.x());
            return grid.z() == 1 ? inSlice : Math.min(grid.z(), inSlice);
        }

        /// {@return means of two voxels along each axis, of those that count}; what is odd at the end falls away
        Images halved() {
            Grid half = new Grid(
                    Math.max(1, grid.z() / 2),
                    grid.y() / 2,
                    grid.x() / 2,
                    grid.spacingZ(),
                    grid.spacingY(),
                    grid.spacingX());
            int n = (int) half.voxels();
            Images images = new Images(new double[n], new double[n], new boolean[n], half, threads);
            for (int i = 0; i < n; i++) {
                int counted = counted(i);
                images.counts[i] = counted > 0;
                for (int part = 0; part < parts(); part++) {
                    if (counts[at(i, part)]) {
                        images.p[i] += p[at(i, part)] / counted;
                        images.y[i] += y[at(i, part)] / counted;
                    }
                }
            }
            return images;
        }

        /// Adds the derivatives by the numbers of [#halved] to those by the numbers of this.
        void spread(double[] half, double[] whole) {
            for (int i = 0; i < half.length; i++) {
                int counted = counted(i);
                for (int part = 0; part < parts(); part++) {
                    whole[at(i, part)] += counts[at(i, part)] ? half[i] / counted : 0;
                }
            }
        }

        /// {@return how many parts of voxel `i` of the half images count}
        private int counted(int i) {
            int counted = 0;
            for (int part = 0; part < parts(); part++) {
                counted += counts[at(i, part)] ? 1 : 0;
            }
            return counted;
        }

        /// {@return the middle of each window of that width}, in the order of [GaussianWindow#means]
        private int[] middles(int window) {
            int half = window / 2;
            int deep = grid.z() == 1 ? 0 : half;
            int[] middles = new int[(grid.z() - 2 * deep) * (grid.y() - 2 * half) * (grid.x() - 2 * half)];
            int place = 0;
            for (int z = deep; z < grid.z() - deep; z++) {
                for (int y = half; y < grid.y() - half; y++) {
                    for (int x = half; x < grid.x() - half; x++) {
                        middles[place++] = (z * grid.y() + y) * grid.x() + x;
                    }
                }
            }
            return middles;
        }

        private int parts() {
            return grid.z() == 1 ? 4 : 8;
        }

        /// {@return which voxel is that part of voxel `i` of the half images}
        private int at(int i, int part) {
            int x = i % (grid.x() / 2);
            int line = i / (grid.x() / 2);
            int row = 2 * (line % (grid.y() / 2)) + part / 2 % 2;
            int slice = 2 * (line / (grid.y() / 2)) + part / 4;
            return (slice * grid.y() + row) * grid.x() + 2 * x + part % 2;
        }
    }

    /// @param value    1 without a window
    /// @param gradient by the probabilities
    record Mean(double value, double[] gradient) {}

    /// {@return the mean over the windows in whose middle a voxel counts}; the others in it have no weight, and those
    /// that count share theirs
    ///
    /// @param luminance whether that is a factor, or contrast and structure are alone
    Mean mean(Images images, boolean luminance) {
        double[] p = images.p();
        double[] y = images.y();
        GaussianWindow gaussian = new GaussianWindow((int) window, sigma, images.grid(), images.threads());
        double[] mp = gaussian.means(p);
        double[] my = gaussian.means(y);
        double[] pp = gaussian.means(product(p, p));
        double[] yy = gaussian.means(product(y, y));
        double[] py = gaussian.means(product(p, y));
        double[] known = gaussian.means(IntStream.range(0, p.length)
                .mapToDouble(i -> images.counts()[i] ? 1 : 0)
                .toArray());
        int[] middles = images.middles((int) window);
        double c1 = k1 * k1;
        double c2 = k2 * k2;
        double sum = 0;
        int windows = 0;
        for (int i = 0; i < mp.length; i++) {
            double byMean = 0;
            double bySquare = 0;
            double byProduct = 0;
            if (images.counts()[middles[i]]) {
                // 1 but for rounding where all count
                double share = Math.abs(known[i] - 1) < ROUNDING ? 1 : known[i];
                mp[i] /= share;
                my[i] /= share;
                pp[i] /= share;
                yy[i] /= share;
                py[i] /= share;
                double scale = pp[i] - mp[i] * mp[i] + yy[i] - my[i] * my[i] + c2;
                double contrast = (2 * (py[i] - mp[i] * my[i]) + c2) / scale;
                double energy = mp[i] * mp[i] + my[i] * my[i] + c1;
                double light = luminance ? (2 * mp[i] * my[i] + c1) / energy : 1;
                sum += light * contrast;
                windows++;
                bySquare = -light * contrast / scale;
                byProduct = 2 * light / scale;
                // variance and covariance have the mean in them too
                byMean = (luminance ? contrast * 2 * (my[i] - light * mp[i]) / energy : 0)
                        - 2 * mp[i] * bySquare
                        - my[i] * byProduct;
                byMean /= share;
                bySquare /= share;
                byProduct /= share;
            }
            // the means aren't needed any more
            mp[i] = byMean;
            pp[i] = bySquare;
            py[i] = byProduct;
        }
        double[] gradient = gaussian.adjoint(mp);
        double[] squares = gaussian.adjoint(pp);
        double[] products = gaussian.adjoint(py);
        for (int i = 0; i < p.length; i++) {
            double derivative = gradient[i] + 2 * p[i] * squares[i] + y[i] * products[i];
            gradient[i] = images.counts()[i] ? derivative / Math.max(1, windows) : 0;
        }
        return new Mean(windows == 0 ? 1 : sum / windows, gradient);
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }
}
