package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.segloss.dataset.ClassLabels;
import org.segloss.dataset.Region;
import org.segloss.evaluate.Evaluation;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Preprocessing;
import org.segloss.torch.Features;
import org.segloss.torch.Leaves;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

class SupervisionTest {

    private static TrainingPlan plan(String loss, int dimensions, List<List<Integer>> strides) {
        NetworkPlan network = new NetworkPlan(
                Architecture.UNET,
                dimensions,
                1,
                3,
                4,
                strides,
                Collections.nCopies(strides.size() + 1, List.of(dimensions == 2 ? 1 : 3, 3, 3)),
                strides.isEmpty() ? 1 : 3);
        List<Integer> patch = List.of(dimensions == 2 ? 1 : 8, 16, 24);
        return new TrainingPlan(
                Loss.parse(loss),
                Task.multiclass(3),
                new Preprocessing(new Spacing(3, 1, 2)),
                network,
                patch,
                2,
                10,
                Recipe.plain(Recipe.Optimizer.ADAMW, 1e-3),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
    }

    /// The loss of head h on labels that are drawn anew from where its voxels lie, and the gradient with its
    /// weight.
    @Test
    void aHeadIsComparedWithEverySecondLabelAndCountsHalfAsMuch() {
        List<Integer> plane = List.of(1, 2, 2);
        List<Integer> space = List.of(2, 2, 2);
        compareHeads(2, List.of(plane, plane, plane));
        compareHeads(3, List.of(space, space, space));
        compareHeads(3, List.of(plane, space, space));
        compareHeads(3, List.of(List.of(2, 1, 2), List.of(1, 2, 1), space));
    }

    private static void compareHeads(int dimensions, List<List<Integer>> strides) {
        // boundary needs the spacing, so that a wrong one shows
        TrainingPlan plan = plan("ce + 0.1*boundary", dimensions, strides);
        LossEvaluator evaluator = new LossEvaluator(plan.loss(), plan.task());
        int z = plan.edges()[0];
        PatchBatch batch = new PatchBatch(new float[0], new byte[2 * z * 16 * 24], new byte[2 * z * 16 * 24]);
        for (int i = 0; i < batch.labels().length; i++) {
            batch.labels()[i] = label(i / (z * 384), i / 384 % z, i / 24 % 16, i % 24);
            batch.inside()[i] = (byte) (i % 24 < 20 ? 1 : 0);
        }
        try (Scope _ = new Scope()) {
            List<Features> leaves = new ArrayList<>();
            double expected = 0;
            List<float[]> slopes = new ArrayList<>();
            for (int head = 0; head < 3; head++) {
                int[] f = NetworkPlan.multiples(strides.subList(0, head));
                int d = z / f[0];
                int h = 16 / f[1];
                int w = 24 / f[2];
                float[] logits = new float[2 * 3 * d * h * w];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = (float) Math.sin(i + head);
                }
                byte[] labels = new byte[2 * d * h * w];
                byte[] inside = new byte[labels.length];
                for (int i = 0; i < labels.length; i++) {
                    int x = i % w * f[2];
                    labels[i] = label(i / (d * h * w), i / (h * w) % d * f[0], i / w % h * f[1], x);
                    inside[i] = (byte) (x < 20 ? 1 : 0);
                }
                float[] slope = new float[logits.length];
                Evaluation alone = evaluator.evaluate(
                        Prediction.logits(MemorySegment.ofArray(logits), new Shape(2, 3, d, h, w)),
                        Target.labels(MemorySegment.ofArray(labels))
                                .masked(MemorySegment.ofArray(inside))
                                .spaced(new Spacing(3.0 * f[0], f[1], 2 * f[2])),
                        MemorySegment.ofArray(slope));
                double weight = Math.scalb(1.0, -head) / 1.75;
                expected += weight * alone.value();
                for (int i = 0; i < slope.length; i++) {
                    slope[i] *= (float) weight;
                }
                slopes.add(slope);
                long[] shape = dimensions == 2 ? new long[] {2, 3, h, w} : new long[] {2, 3, d, h, w};
                leaves.add(Leaves.of(Tensor.of(logits, shape)));
            }
            double loss = new Supervision(plan, evaluator).backward(leaves, batch, 1);

            assertThat(loss).isEqualTo(expected, within(1e-12));
            for (int head = 0; head < 3; head++) {
                float[] actual = Leaves.gradient(leaves.get(head)).toArray();
                for (int i = 0; i < actual.length; i++) {
                    assertThat(actual[i]).isEqualTo(slopes.get(head)[i], within(1e-9f));
                }
            }
        }
    }

    /// Every other voxel of a row lies outside, those that the coarser heads see.
    @Test
    void aHeadWithoutALabelThatCountsLeavesTheMean() {
        List<Integer> plane = List.of(1, 2, 2);
        TrainingPlan plan = plan("ce", 2, List.of(plane, plane, plane));
        LossEvaluator evaluator = new LossEvaluator(plan.loss(), plan.task());
        PatchBatch batch = new PatchBatch(new float[0], new byte[2 * 16 * 24], new byte[2 * 16 * 24]);
        for (int i = 0; i < batch.labels().length; i++) {
            batch.labels()[i] = label(i / 384, 0, i / 24 % 16, i % 24);
            batch.inside()[i] = (byte) (i % 2);
        }
        try (Scope _ = new Scope()) {
            List<Features> leaves = new ArrayList<>();
            for (int head = 0; head < 3; head++) {
                float[] logits = new float[2 * 3 * (16 >> head) * (24 >> head)];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = (float) Math.sin(i + head);
                }
                leaves.add(Leaves.of(Tensor.of(logits, 2, 3, 16 >> head, 24 >> head)));
            }
            float[] slope = new float[2 * 3 * 16 * 24];
            double alone = evaluator
                    .evaluate(
                            Prediction.logits(
                                    MemorySegment.ofArray(
                                            leaves.getFirst().value().toArray()),
                                    new Shape(2, 3, 1, 16, 24)),
                            Target.labels(MemorySegment.ofArray(batch.labels()))
                                    .masked(MemorySegment.ofArray(batch.inside())),
                            MemorySegment.ofArray(slope))
                    .value();
            assertThat(new Supervision(plan, evaluator).backward(leaves, batch, 1))
                    .isEqualTo(alone);
            assertThat(Leaves.gradient(leaves.getFirst()).toArray()).isEqualTo(slope);
            assertThat(Leaves.gradient(leaves.getLast()).toArray()).containsOnly(0);
        }
    }

    /// Labels 1 and 2 are one region, 2 and 3 another; 4 is ignored, and a part lies outside.
    @Test
    void aRegionIsComparedWithWhereItsLabelsLie() {
        TrainingPlan classes = plan("bce + dice", 2, List.of());
        var regions = new ClassLabels(
                List.of("background", "a", "b", "c"),
                List.of(List.of(0), List.of(1), List.of(2), List.of(3)),
                List.of(4),
                List.of(
                        new Region("left", new TreeSet<>(List.of(1, 2)), 1),
                        new Region("right", new TreeSet<>(List.of(2, 3)), 2)));
        var network = new NetworkPlan(
                Architecture.UNET,
                2,
                1,
                2,
                4,
                classes.network().strides(),
                classes.network().kernels(),
                1);
        var plan = new TrainingPlan(
                classes.loss(),
                Task.multilabel(2).ignoring(4),
                regions,
                classes.preprocessing(),
                network,
                classes.patch(),
                2,
                10,
                classes.recipe(),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
        PatchBatch batch = new PatchBatch(new float[0], new byte[2 * 384], new byte[2 * 384]);
        float[] target = new float[2 * 2 * 384];
        byte[] known = new byte[2 * 384];
        for (int i = 0; i < known.length; i++) {
            byte label = (byte) (i * 7 % 5);
            batch.labels()[i] = label;
            batch.inside()[i] = (byte) (i % 24 < 20 ? 1 : 0);
            known[i] = (byte) (i % 24 < 20 && label != 4 ? 1 : 0);
            int first = i / 384 * 2 * 384 + i % 384;
            target[first] = label == 1 || label == 2 ? 1 : 0;
            target[first + 384] = label == 2 || label == 3 ? 1 : 0;
        }
        float[] logits = new float[target.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.sin(i);
        }
        float[] slope = new float[logits.length];
        double expected = new LossEvaluator(plan.loss(), Task.multilabel(2))
                .evaluate(
                        Prediction.logits(MemorySegment.ofArray(logits), new Shape(2, 2, 1, 16, 24)),
                        Target.probabilities(MemorySegment.ofArray(target)).masked(MemorySegment.ofArray(known)),
                        MemorySegment.ofArray(slope))
                .value();
        try (Scope _ = new Scope()) {
            List<Features> leaves = List.of(Leaves.of(Tensor.of(logits, 2, 2, 16, 24)));
            double loss = new Supervision(plan, Supervision.evaluator(plan)).backward(leaves, batch, 1);
            assertThat(loss).isEqualTo(expected);
            assertThat(Leaves.gradient(leaves.getFirst()).toArray()).isEqualTo(slope);
        }
    }

    private static byte label(int sample, int z, int y, int x) {
        return (byte) ((3 * sample + z / 3 + y / 5 + x / 7) % 3);
    }
}
