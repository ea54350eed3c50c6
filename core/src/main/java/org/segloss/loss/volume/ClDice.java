package org.segloss.loss.volume;

import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// Centreline Dice: how much of each skeleton lies in the other segmentation.
///
/// ```
/// precision   = (sum(S(p) y) + smooth) / (sum(S(p)) + smooth)
/// sensitivity = (sum(S(y) p) + smooth) / (sum(S(y)) + smooth)
/// 1 - 2 precision sensitivity / (precision + sensitivity + epsilon)
/// ```
///
/// `S` is the soft skeleton, made of neighbours' minima and maxima (see the class SoftSkeleton), and part of the
/// gradient. From 0 to 1.
///
/// @param iterations erosions, a whole number from 0: at least the radius in voxels of the thickest vessel
/// @param epsilon    at least 0
/// @param smooth     at least 0
/// @param over       classes and samples; the background is left out by default
/// @see <a href="https://arxiv.org/abs/2003.07311">Shit et al. (2021), clDice, a novel topology-preserving
///     loss function for tubular structure segmentation</a>
@About(
        summary = "The overlap of each skeleton with the other segmentation.",
        formula = "1 - 2 P R / (P + R), P = sum(S(p) y) / sum(S(p)), R = sum(S(y) p) / sum(S(y)), S the soft skeleton",
        tex =
                "1-\\frac{2PR}{P+R},\\quad P=\\frac{\\sum S(p)\\,y+s}{\\sum S(p)+s},\\quad R=\\frac{\\sum S(y)\\,p+s}{\\sum S(y)+s}",
        range = "0 to 1",
        use = "Vessels, airways, roads, whose connection matters: 0.5*dice + 0.5*clDice.",
        avoid = "Compact structures. Alone: it says nothing of the width.",
        cost = "About (iterations + 2)^2 passes of a 3x3x3 neighbourhood; six volumes of doubles beside its input.",
        source = "Shit et al. (2021), https://arxiv.org/abs/2003.07311")
public record ClDice(
        @Meaning("erosions: at least the radius in voxels of the thickest vessel")
        double iterations,

        @Meaning("added to the denominator of the harmonic mean")
        double epsilon,

        @Meaning("added to numerator and denominator of precision and sensitivity")
        Smooth smooth,

        Reduction over)
        implements VolumeLoss {
    public ClDice {
        Check.that(
                iterations >= 0 && iterations == Math.rint(iterations) && iterations <= 1000,
                "clDice iterations have to be a whole number from 0 to 1000, but are %s",
                iterations);
        Check.notNegative("clDice epsilon", epsilon);
    }

    public ClDice() {
        this(3, 0, Smooth.of(1), Reduction.FOREGROUND);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    @Override
    public double at(Field field) {
        return at(List.of(field));
    }

    @Override
    public double at(List<Field> fields) {
        double hits = 0;
        double length = 0;
        double found = 0;
        double trueLength = 0;
        for (Field field : fields) {
            SoftSkeleton skeletons = new SoftSkeleton(field, (int) iterations);
            double[] skeleton = skeletons.of(field.values());
            hits += dot(skeleton, field.target());
            length += sum(skeleton);
            skeleton = skeletons.of(field.target());
            found += dot(skeleton, field.values());
            trueLength += sum(skeleton);
        }
        Scalar.Tape tape = new Scalar.Tape();
        Scalar hit = tape.variable(hits);
        Scalar all = tape.variable(length);
        Scalar covered = tape.variable(found);
        Scalar precision = smooth.ratio(hit, all);
        Scalar sensitivity = smooth.ratio(covered, Scalar.of(trueLength));
        Scalar loss = precision
                .times(sensitivity)
                .times(2)
                .shareOf(precision.plus(sensitivity).plus(epsilon))
                .oneMinus();
        tape.differentiate(loss);
        for (Field field : fields) {
            differentiate(field, hit.gradient(), all.gradient(), covered.gradient());
        }
        return loss.value();
    }

    private void differentiate(Field field, double byHit, double byLength, double byFound) {
        double[] p = field.values();
        double[] y = field.target();
        SoftSkeleton skeletons = new SoftSkeleton(field, (int) iterations);
        double[] bySkeleton = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            bySkeleton[i] = byHit * y[i] + byLength;
        }
        double[] gradient = skeletons.gradient(p, bySkeleton);
        double[] skeleton = skeletons.of(y);
        for (int i = 0; i < p.length; i++) {
            p[i] = field.counts()[i] ? gradient[i] + byFound * skeleton[i] : 0;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double sum(double[] a) {
        double sum = 0;
        for (double x : a) {
            sum += x;
        }
        return sum;
    }
}
