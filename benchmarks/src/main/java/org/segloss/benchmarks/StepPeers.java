package org.segloss.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segloss.dataset.Case;
import org.segloss.fit.Trainer;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Preprocessing;
import org.segloss.random.CounterRandom;

/// A training step of a U-Net with `ce + dice`, beside PyTorch with MONAI's `DiceCELoss`, in turns. Refuses to compare
/// networks with different numbers of weights. See `benchmarks/peers/steps`.
public final class StepPeers {
    private static final int THREADS = 2;
    private static final int ROUNDS = 7;
    private static final List<Integer> PATCH = List.of(40, 56, 40);
    private static final int CLASSES = 3;
    private static final int BATCH = 2;
    private static final List<String> RIVALS = List.of("eager", "channels-last", "bf16", "bf16 channels-last");

    private StepPeers() {}

    /// @param args the Python that has the rivals; then perhaps width and levels of the network
    public static void main(String[] args) throws IOException, InterruptedException {
        int width = args.length > 1 ? Integer.parseInt(args[1]) : 16;
        int levels = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        NetworkPlan network = new NetworkPlan(Architecture.UNET, 3, 1, CLASSES, width, levels, 1);
        String patch = PATCH.stream().map(String::valueOf).collect(Collectors.joining("x"));
        ProcessBuilder rivals = new ProcessBuilder(
                        args[0],
                        "benchmarks/peers/steps.py",
                        Integer.toString(THREADS),
                        Integer.toString(width),
                        Integer.toString(levels),
                        Integer.toString(BATCH),
                        Integer.toString(CLASSES),
                        patch)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // what our launcher sets is ours; they run as they do by default
        rivals.environment().keySet().removeIf(name -> name.matches("(OMP|GOMP|MALLOC)_.*"));
        Process python = rivals.start();
        Map<Precision, double[]> ours = new EnumMap<>(Precision.class);
        Map<String, double[]> theirs = new LinkedHashMap<>();
        try (PrintWriter ask = new PrintWriter(python.outputWriter(), true);
                BufferedReader answers = python.inputReader()) {
            for (int round = -1; round < ROUNDS; round++) {
                for (Precision precision : Precision.values()) {
                    double[] all = ours.computeIfAbsent(precision, _ -> new double[ROUNDS]);
                    Duration step = Trainer.stepTime(plan(network, precision), cases());
                    if (round >= 0) {
                        all[round] = step.toNanos() / 1e6;
                    }
                }
                for (String rival : RIVALS) {
                    ask.println(rival);
                    String[] answer = answers.readLine().split(" ");
                    check(network, Long.parseLong(answer[1]));
                    if (round >= 0) {
                        theirs.computeIfAbsent(rival, _ -> new double[ROUNDS])[round] = Double.parseDouble(answer[0]);
                    }
                }
            }
        } finally {
            python.waitFor();
        }
        print(width, levels, ours, theirs);
    }

    private static void check(NetworkPlan plan, long parameters) {
        try (Network network = new Network(plan, 1, "cpu", Precision.FLOAT32)) {
            long own = network.parameters().values().elements();
            if (own != parameters) {
                throw new IllegalStateException("%d weights here, %d there".formatted(own, parameters));
            }
        }
    }

    private static void print(int width, int levels, Map<Precision, double[]> ours, Map<String, double[]> theirs) {
        System.out.printf(
                "U-Net, width %d, %d levels, batch %d of %s, %d threads%n%n", width, levels, BATCH, PATCH, THREADS);
        System.out.println("| step | median, ms | to ours in float32 | to ours in bfloat16 |");
        System.out.println("|---|---|---|---|");
        double f32 = median(ours.get(Precision.FLOAT32));
        double bf16 = median(ours.get(Precision.BFLOAT16));
        ours.forEach((precision, all) -> row("Segloss " + precision, median(all), f32, bf16));
        theirs.forEach((rival, all) -> row("PyTorch " + rival, median(all), f32, bf16));
    }

    private static void row(String name, double ms, double f32, double bf16) {
        System.out.printf("| %s | %.0f | %.2f | %.2f |%n", name, ms, ms / f32, ms / bf16);
    }

    private static TrainingPlan plan(NetworkPlan network, Precision precision) {
        return new TrainingPlan(
                Loss.parse("ce + dice"),
                Task.multiclass(CLASSES),
                new Preprocessing(Spacing.ONE),
                network,
                PATCH,
                BATCH,
                1000,
                Recipe.plain(Recipe.Optimizer.ADAMW, 3e-3),
                1,
                "cpu",
                THREADS,
                precision);
    }

    private static List<Case> cases() {
        Geometry grid = Geometry.identity(PATCH.get(2), PATCH.get(1), PATCH.get(0));
        float[] values = new float[(int) grid.voxels()];
        byte[] labels = new byte[values.length];
        CounterRandom random = CounterRandom.of(1, "case");
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            labels[i] = (byte) random.nextInt(CLASSES);
        }
        Case one = new Case("noise", new Volume(grid, 1, values), new Labels(grid, labels));
        return List.of(one, one);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
