package org.segloss.loss.overlap;

import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;
import org.segloss.loss.Task;

/// Generalized Wasserstein Dice loss: mistaking one class for another costs as much as the two are apart.
///
/// ```
/// d_i = sum_c M[y_i][c] p_ic,   the distance of voxel i's prediction from the truth
/// default:  a_0 = 0, a_c = 1;           1 - (2 T + smooth) / (2 T + sum_i d_i + smooth),  T = sum_i a_{y_i} (1 - d_i)
/// gdl:      a_c = 1 / (voxels of c + 1);  1 - (2 T + smooth) / (sum_i a_{y_i} (2 - d_i) + smooth)
/// ```
///
/// From 0 to 1. M is divided by its largest number.
///
/// @param matrix    `[truth][prediction]`, at least 0, 0 on its diagonal; none is 1 for every mistake
/// @param weighting of the classes
/// @param smooth    at least 0
/// @param batch     whether the samples of a batch are summed up as if they were one
/// @see <a href="https://arxiv.org/abs/1707.00478">Fidon et al. (2017), Generalised Wasserstein Dice score for
///     imbalanced multi-class segmentation using holistic convolutional networks</a>
/// @see <a href="https://arxiv.org/abs/2011.01614">Tilborghs et al. (2020)</a> for `gdl`
@About(
        summary = "Dice in which some mistakes are worse than others.",
        formula =
                "1 - (2 T + smooth) / (2 T + sum d + smooth), d = sum_c M[y][c] p_c, T = sum over foreground of 1 - d",
        tex =
                "1-\\frac{2T+s}{2T+\\sum_i\\delta_i+s},\\quad\\delta_i=\\sum_c M_{y_i c}\\,p_{ic},\\quad T=\\sum_{i:\\,y_i>0}(1-\\delta_i)",
        range = "0 to 1",
        use = "Classes with an order or a hierarchy, such as a tumour's parts.",
        avoid = "Binary and multilabel tasks, where there are no two classes to mistake.",
        cost = "As dice, and a product for each pair of classes and voxel.",
        source = "Fidon et al. (2017), https://arxiv.org/abs/1707.00478",
        noBackground =
                "its background counts by what it is mistaken for alone: among what is right weighting=default gives class 0"
                        + " no weight already, and without its voxels foreground that is not there would cost nothing")
public record WassersteinDice(
        @Meaning("[[...], ...]: how far apart classes are, a row for each true class; [] is 1 for every mistake")
        List<List<Double>> matrix,

        @Meaning("default, foreground alike, or gdl, by size")
        Weighting weighting,

        @Meaning("added to numerator and denominator") Smooth smooth,

        @Meaning("true sums up the samples of a batch as if they were one")
        boolean batch)
        implements OverlapLoss {

    /// The weight of a class of voxels.
    public enum Weighting {
        /// 0 for class 0, otherwise 1.
        DEFAULT,
        /// One over its size.
        GDL
    }

    public WassersteinDice {
        matrix = matrix.stream().map(List::copyOf).toList();
        Check.weights(
                "numbers of the wassersteinDice matrix",
                matrix.stream().flatMap(List::stream).toList());
        int size = matrix.size();
        for (int k = 0; k < size; k++) {
            Check.that(
                    matrix.get(k).size() == size,
                    "wassersteinDice matrix has %d rows, but row %d has %d numbers",
                    size,
                    k,
                    matrix.get(k).size());
            Check.that(
                    matrix.get(k).get(k) == 0,
                    "wassersteinDice matrix has to be 0 on its diagonal, but [%d][%d] is %s",
                    k,
                    k,
                    matrix.get(k).get(k));
        }
    }

    public WassersteinDice() {
        this(List.of(), Weighting.DEFAULT, Smooth.of(1e-5), false);
    }

    @Override
    public void check(Task task) {
        Check.that(
                task.kind() == Task.Kind.MULTICLASS,
                "wassersteinDice is for a multiclass task, but this one is %s; use dice",
                task.kind());
        Check.that(
                matrix.isEmpty() || matrix.size() == task.classes(),
                "wassersteinDice matrix has %d rows, but the task has %d classes",
                matrix.size(),
                task.classes());
    }

    @Override
    public Reduction over() {
        return new Reduction(true, batch, Reduction.Classes.EACH, Reduction.Absent.SCORE, List.of());
    }

    @Override
    public boolean needsConfusion() {
        return true;
    }

    @Override
    public Scalar at(Sums s) {
        throw new IllegalStateException("a class alone has no other to be mistaken for");
    }

    @Override
    public Scalar at(Classes classes) {
        Scalar right = Scalar.ZERO;
        Scalar wrong = Scalar.ZERO;
        double largest = largest();
        for (int k = 0; k < classes.all().size(); k++) {
            double size = classes.all().get(k).y();
            Scalar apart = Scalar.ZERO;
            for (int c = 0; c < classes.all().size(); c++) {
                apart = apart.plus(classes.confusion()[k][c].times(distance(k, c, largest)));
            }
            double weight = weighting == Weighting.GDL ? 1 / (size + 1) : k == 0 ? 0 : 1;
            right = right.plus(apart.times(-1).plus(size).times(weight));
            wrong = wrong.plus(apart.times(weighting == Weighting.GDL ? weight : 1));
        }
        Scalar twice = right.times(2);
        return smooth.ratio(twice, twice.plus(wrong)).oneMinus();
    }

    private double distance(int truth, int prediction, double largest) {
        if (matrix.isEmpty()) {
            return truth == prediction ? 0 : 1;
        }
        return matrix.get(truth).get(prediction) / largest;
    }

    /// {@return the largest distance of the matrix}
    private double largest() {
        double largest = 0;
        for (List<Double> row : matrix) {
            for (double distance : row) {
                largest = Math.max(largest, distance);
            }
        }
        return largest;
    }
}
