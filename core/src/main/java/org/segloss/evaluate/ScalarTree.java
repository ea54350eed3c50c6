package org.segloss.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.segloss.kernel.SumGradients;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Scalar;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.WholeLoss;

/// A loss as a function of the few numbers that the voxels add up to: its value, forward, and in reverse its derivative
/// by each of them, which is the weight of a leaf in the gradient.
///
/// For each batch the tree is [begun][#begin], what a pass has [gathered][#gathered] is added to it, and it is
/// [evaluated][#evaluate]. It then knows the derivatives until it is evaluated again, and makes no new objects for
/// that: variables stay, and numbers between them and the loss are those of the tape.
final class ScalarTree {

    /// What is less can't be divided by in float.
    private static final double LEAST_NORMALIZER = 1e-6;

    private final Task task;
    private final Sweep.Leaves leaves;
    private final boolean linear;
    private final List<Loss.Term> summands;
    private final List<String> names;

    private final Scalar.Tape tape = new Scalar.Tape();
    private final Sweep.Sums all;
    private final List<Scalar> voxel;
    private final List<Scalar> whole;
    private final List<Sample> samples = new ArrayList<>();
    private int batch;
    private long[] kept = {};

    // of all samples, for overlap losses that take them as one
    private final List<OverlapLoss.Sums> channelsOfBatch = new ArrayList<>();
    private final Scalar[][] confusionOfBatch;
    private final List<OverlapLoss.Classes> classesOfBatch;

    // numbers of the tape
    private final Scalar[] penalized;
    private final Scalar[] terms;
    private Scalar total = Scalar.ZERO;

    ScalarTree(Loss loss, Task task, Sweep.Leaves leaves) {
        this.task = task;
        this.leaves = leaves;
        linear = isLinear(loss);
        summands = loss instanceof Loss.Sum(var summands) ? summands : List.of(new Loss.Term(1, loss));
        names = summands.stream().map(term -> LossCatalog.label(term.loss())).toList();
        all = new Sweep.Sums(leaves, task.channels());
        voxel = variables(leaves.voxel().size());
        whole = variables(leaves.whole().size());
        penalized = new Scalar[whole.size()];
        terms = new Scalar[summands.size()];
        int n = leaves.needConfusion() ? task.channels() : 0;
        confusionOfBatch = new Scalar[n][n];
        classesOfBatch = classes(channelsOfBatch, confusionOfBatch);
    }

    /// {@return what each overlap loss is given}
    private List<OverlapLoss.Classes> classes(List<? extends OverlapLoss.Sums> channels, Scalar[][] confusion) {
        return leaves.overlap().stream()
                .map(leaf ->
                        new OverlapLoss.Classes(Collections.unmodifiableList(channels), confusion, leaf.over(), task))
                .toList();
    }

    private static boolean isLinear(Loss loss) {
        return switch (loss) {
            case Loss.Sum(var terms) -> terms.stream().allMatch(term -> isLinear(term.loss()));
            case VoxelLoss leaf -> leaf.reduction() != VoxelLoss.Aggregation.NORMALIZED;
            case Loss.Constant _, Loss.Leaf _ -> true;
            case Loss.Ramp ramp -> isLinear(ramp.inner());
            case Loss.Log1p _, Loss.Pow _ -> false;
        };
    }

    /// {@return whether all derivatives are known before any sum is}, but for those by sums over classes
    boolean isLinear() {
        return linear;
    }

    private List<Scalar> variables(int n) {
        return Stream.generate(() -> tape.variable(0)).limit(n).toList();
    }

    /// What a sample adds up to, and the variables for it.
    private final class Sample {
        private final Sweep.Sums gathered = new Sweep.Sums(leaves, task.channels());
        private final List<GatheredSums> channels = Stream.generate(() -> new GatheredSums(tape))
                .limit(task.channels())
                .toList();
        private final Scalar[][] confusion;

        // for each overlap loss
        private final List<OverlapLoss.Classes> classes;

        Sample() {
            int n = leaves.needConfusion() ? task.channels() : 0;
            confusion = new Scalar[n][n];
            for (Scalar[] row : confusion) {
                Arrays.setAll(row, _ -> tape.variable(0));
            }
            classes = classes(channels, confusion);
        }

        void set() {
            for (int c = 0; c < channels.size(); c++) {
                channels.get(c).set(gathered, c);
            }
            for (int i = 0; i < gathered.confusion.length; i++) {
                confusion[i / confusion.length][i % confusion.length].set(gathered.confusion[i]);
            }
        }
    }

    /// Begins a batch, of which nothing is known yet.
    void begin(int batch) {
        while (samples.size() < batch) {
            samples.add(new Sample());
        }
        for (int b = 0; b < batch; b++) {
            samples.get(b).gathered.clear();
        }
        if (kept.length < batch) {
            kept = new long[batch];
        }
        this.batch = batch;
    }

    /// {@return what is known of a sample}
    Sweep.Sums gathered(int sample) {
        return samples.get(sample).gathered;
    }

    /// Evaluates the loss, and its derivatives.
    ///
    /// @param progress how far the training is, from 0 to 1
    void evaluate(Planes planes, double progress) {
        tape.rewind();
        all.clear();
        for (int b = 0; b < batch; b++) {
            samples.get(b).set();
            all.add(gathered(b));
            kept[b] = gathered(b).kept;
        }
        for (int l = 0; l < voxel.size(); l++) {
            voxel.get(l).set(all.voxel[l]);
        }
        for (int l = 0; l < whole.size(); l++) {
            whole.get(l).set(planes.resolve(l, kept));
            penalized[l] = penalized(whole.get(l), planes.groups(l));
        }
        Scalar sum = Scalar.ZERO;
        for (int i = 0; i < terms.length; i++) {
            terms[i] = of(summands.get(i).loss(), progress);
        }
        for (int i = 0; i < terms.length; i++) {
            sum = sum.plus(terms[i].times(summands.get(i).weight()));
        }
        total = sum;
        tape.differentiate(total);
    }

    /// With the mean probability of classes that are absent.
    private Scalar penalized(Scalar value, List<Planes.RankGroup> groups) {
        Scalar sum = value;
        for (Planes.RankGroup group : groups) {
            if (!group.isPenalized()) {
                continue;
            }
            double voxels = (double) group.kept() * group.lists.length;
            for (int b = group.sample; b < group.sample + group.samples; b++) {
                for (int c : group.lists) {
                    sum = sum.plus(sums(b, c).p().times(group.share() / voxels));
                }
            }
        }
        return sum;
    }

    private Scalar of(Loss node, double progress) {
        return switch (node) {
            case Loss.Sum(var terms) -> {
                Scalar sum = Scalar.ZERO;
                for (int i = 0; i < terms.size(); i++) {
                    Loss.Term term = terms.get(i);
                    sum = sum.plus(of(term.loss(), progress).times(term.weight()));
                }
                yield sum;
            }
            case Loss.Constant(var constant) -> Scalar.of(constant);
            case Loss.Log1p(var inner) -> of(inner, progress).log1p();
            case Loss.Pow(var inner, var exponent) -> of(inner, progress).pow(exponent);
            case Loss.Ramp ramp -> of(ramp.inner(), progress).times(ramp.at(progress));
            case VoxelLoss leaf -> voxel(leaf);
            case OverlapLoss leaf -> overlap(leaves.overlap().indexOf(leaf));
            case WholeLoss leaf -> penalized[leaves.whole().indexOf(leaf)];
        };
    }

    private Scalar voxel(VoxelLoss leaf) {
        Scalar sum = voxel.get(leaves.voxel().indexOf(leaf));
        return switch (leaf.reduction()) {
            case SUM -> sum;
            case MEAN -> {
                double divisor = divisor(leaf.labels());
                yield divisor == 0 ? Scalar.ZERO : sum.times(1 / divisor);
            }
            case NORMALIZED -> sum.over(voxel(leaf.normalizer()).atLeast(LEAST_NORMALIZER));
        };
    }

    /// The voxels, or their weights. Sigmoid channels are averaged like voxels, as binary cross-entropy is; a
    /// softmax voxel counts once.
    private double divisor(TargetOptions labels) {
        boolean softmax = task.kind() == Task.Kind.MULTICLASS;
        if (!labels.isWeighted()) {
            return (double) all.kept * (softmax ? 1 : task.channels());
        }
        double sum = 0;
        for (int c = 0; c < task.channels(); c++) {
            double foreground = all.overlap[c * Sweep.Sums.EACH + 2];
            sum += softmax
                    ? labels.weight(task, 0, c) * foreground
                    : labels.weight(task, c, 1) * foreground + labels.weight(task, c, 0) * (all.kept - foreground);
        }
        return sum;
    }

    private Scalar overlap(int l) {
        OverlapLoss leaf = leaves.overlap().get(l);
        if (all.kept == 0) {
            return Scalar.ZERO;
        }
        if (classesOfBatch.get(l).over().batch()) {
            addUpBatch();
            return leaf.at(classesOfBatch.get(l));
        }
        Scalar sum = Scalar.ZERO;
        int counted = 0;
        for (int b = 0; b < batch; b++) {
            if (kept[b] > 0) {
                sum = sum.plus(leaf.at(samples.get(b).classes.get(l)));
                counted++;
            }
        }
        return sum.times(1.0 / counted);
    }

    private void addUpBatch() {
        channelsOfBatch.clear();
        for (int c = 0; c < task.channels(); c++) {
            OverlapLoss.Sums sum = sums(0, c);
            for (int b = 1; b < batch; b++) {
                sum = sum.plus(sums(b, c));
            }
            channelsOfBatch.add(sum);
        }
        int n = confusionOfBatch.length;
        for (int i = 0; i < n * n; i++) {
            Scalar sum = Scalar.ZERO;
            for (int b = 0; b < batch; b++) {
                sum = sum.plus(confusion(b)[i / n][i % n]);
            }
            confusionOfBatch[i / n][i % n] = sum;
        }
    }

    // ---------------------------------------------------------------- what has been evaluated

    Evaluation evaluation() {
        Evaluation.Term[] evaluated = new Evaluation.Term[terms.length];
        for (int i = 0; i < terms.length; i++) {
            evaluated[i] = new Evaluation.Term(names.get(i), summands.get(i).weight(), terms[i].value());
        }
        return new Evaluation(total.value(), List.of(evaluated));
    }

    /// {@return the derivative by the sum of a voxel loss}
    double byVoxel(int leaf) {
        return voxel.get(leaf).gradient();
    }

    /// {@return the derivative by a loss that needs the whole volume}
    double byWhole(int leaf) {
        return whole.get(leaf).gradient();
    }

    /// {@return the sums over one channel of one sample}, which know the derivatives by them
    OverlapLoss.Sums sums(int sample, int channel) {
        return samples.get(sample).channels.get(channel);
    }

    /// Reads the derivatives by these sums.
    void readGradients(int sample, int channel, SumGradients by) {
        OverlapLoss.Sums sums = sums(sample, channel);
        by.py = sums.py().gradient();
        by.p = sums.p().gradient();
        by.pp = sums.pp().gradient();
        by.falseNegatives = sums.falseNegatives().gradient();
        by.falsePositives = sums.falsePositives().gradient();
        by.absolute = sums.absolute().gradient();
    }

    /// {@return the sums of `y_k p_c` over one sample, `[k][c]`; or nothing}
    Scalar[][] confusion(int sample) {
        return samples.get(sample).confusion;
    }
}
