package org.segloss.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.LossEvaluator;
import org.segloss.loss.Prediction;
import org.segloss.loss.Target;
import org.segloss.loss.Task;

/// One table of Segloss beside what a user would use instead: value and gradient, the same arrays, the same number of
/// threads, in turns. See `benchmarks/peers/run`.
public final class Peers {
    private static final int THREADS = 2;
    private static final int ROUNDS = 3;

    /// @param loss   what the rivals call it
    /// @param text   what we call it
    /// @param rivals `pytorch` for operators with autograd, `compiled` for the same by torch.compile, `monai`
    private record Case(String loss, String text, Shape shape, List<String> rivals) {
        Task task() {
            return shape.classes() == 1 ? Task.binary() : Task.multiclass(shape.classes());
        }

        String name() {
            return "%s-%dx%dx%d".formatted(loss, shape.batch(), shape.classes(), shape.x());
        }
    }

    private static Shape cube(int batch, int classes, int edge) {
        return new Shape(batch, classes, edge, edge, edge);
    }

    private static final List<Case> CASES = List.of(
            new Case("bce+dice", "bce + dice", cube(2, 1, 128), List.of("pytorch", "compiled", "monai")),
            new Case("bce+dice", "bce + dice", cube(1, 1, 256), List.of("pytorch", "compiled", "monai")),
            new Case("dice", "dice", cube(1, 1, 256), List.of("monai")),
            new Case("tversky", "tversky", cube(1, 1, 256), List.of("monai")),
            new Case("focal", "focal", cube(1, 1, 256), List.of("monai")),
            new Case("ce+dice", "ce + dice", cube(1, 3, 128), List.of("pytorch", "compiled", "monai")),
            new Case("ce+dice", "ce + dice", cube(1, 14, 128), List.of("pytorch", "monai")),
            new Case("bce+dice", "bce + dice", cube(1, 1, 32), List.of("pytorch", "compiled", "monai")),
            new Case("lovasz", "lovasz", cube(1, 3, 128), List.of("pytorch")),
            new Case("topk", "topk", cube(1, 3, 128), List.of("pytorch")),
            new Case("four", "ce + dice + focal + tversky", cube(1, 1, 256), List.of()));

    private Peers() {}

    /// @param args the Python that has the rivals, and optionally a part of the names of the cases to measure
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("segloss-peers");
        ProcessBuilder builder =
                new ProcessBuilder(args[0], "benchmarks/peers/losses.py", folder.toString(), Integer.toString(THREADS));
        Process python = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (PrintWriter ask = new PrintWriter(python.outputWriter(), true);
                BufferedReader answer = python.inputReader()) {
            System.out.println("| case | ours, ms | value | rival | ms | ratio |");
            System.out.println("|---|---|---|---|---|---|");
            for (Case c : CASES) {
                if (args.length < 2 || c.name().contains(args[1])) {
                    measure(c, folder, ask, answer);
                }
            }
        } finally {
            python.destroy();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void measure(Case c, Path folder, PrintWriter ask, BufferedReader answer) throws IOException {
        Shape shape = c.shape();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment logits = arena.allocate(shape.elements() * Float.BYTES, 64);
            MemorySegment gradient = arena.allocate(shape.elements() * Float.BYTES, 64);
            MemorySegment labels = arena.allocate(shape.batch() * shape.voxels(), 64);
            fill(shape, logits, labels);
            write(folder.resolve(c.name() + ".logits"), logits);
            write(folder.resolve(c.name() + ".labels"), labels);

            LossEvaluator evaluator = new LossEvaluator(Loss.parse(c.text()), c.task(), THREADS);
            Prediction prediction = Prediction.logits(logits, shape);
            Target target = Target.labels(labels);
            DoubleSupplier ours =
                    () -> evaluator.evaluate(prediction, target, gradient).value();
            double value = ours.getAsDouble();

            List<Double> times = new ArrayList<>();
            List<List<Double>> theirs = new ArrayList<>();
            c.rivals().forEach(_ -> theirs.add(new ArrayList<>()));
            for (int round = 0; round < ROUNDS; round++) {
                times.add(median(ours));
                for (int r = 0; r < c.rivals().size(); r++) {
                    ask.println("%s %s %s %d %d %d %d %d"
                            .formatted(
                                    c.name(),
                                    c.rivals().get(r),
                                    c.loss(),
                                    shape.batch(),
                                    shape.classes(),
                                    shape.z(),
                                    shape.y(),
                                    shape.x()));
                    String line = answer.readLine();
                    if (line == null) {
                        throw new IOException("the Python of the rivals ended; its message is above");
                    }
                    String[] words = line.split(" ");
                    agree(c, value, c.rivals().get(r), Double.parseDouble(words[0]));
                    theirs.get(r).add(Double.parseDouble(words[1]));
                }
            }
            double best = middle(times);
            String start = "| %s | %.3f | %.7f |".formatted(c.name(), best, value);
            if (c.rivals().isEmpty()) {
                System.out.println(start + " | | |");
            }
            for (int r = 0; r < c.rivals().size(); r++) {
                double rival = middle(theirs.get(r));
                System.out.println(
                        start + " %s | %.3f | %.1f |".formatted(c.rivals().get(r), rival, rival / best));
            }
        }
    }

    /// Five of a hundred voxels are foreground; logits are mostly right.
    private static void fill(Shape shape, MemorySegment logits, MemorySegment labels) {
        Random random = new Random(1);
        for (int b = 0; b < shape.batch(); b++) {
            for (long i = 0; i < shape.voxels(); i++) {
                int others = Math.max(1, shape.classes() - 1);
                int label = random.nextInt(20) == 0 ? 1 + random.nextInt(others) : 0;
                labels.set(ValueLayout.JAVA_BYTE, b * shape.voxels() + i, (byte) label);
                for (int c = 0; c < shape.classes(); c++) {
                    boolean right = shape.classes() == 1 ? label == 1 : label == c;
                    float logit = (float) (2 * random.nextGaussian() + (right ? 1 : -2));
                    long at = ((long) b * shape.classes() + c) * shape.voxels() + i;
                    logits.setAtIndex(ValueLayout.JAVA_FLOAT, at, logit);
                }
            }
        }
    }

    private static void write(Path file, MemorySegment memory) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(memory.asByteBuffer());
        }
    }

    /// They sum in float.
    private static void agree(Case c, double ours, String rival, double theirs) {
        if (!(Math.abs(ours - theirs) <= 2e-5 * Math.abs(ours))) {
            throw new IllegalStateException("%s: segloss gives %s, %s %s: there is nothing to compare"
                    .formatted(c.name(), ours, rival, theirs));
        }
    }

    private static double median(DoubleSupplier evaluation) {
        List<Double> times = new ArrayList<>();
        long start = System.nanoTime();
        while (times.size() < 5 || System.nanoTime() - start < 1_500_000_000L) {
            long begin = System.nanoTime();
            evaluation.getAsDouble();
            times.add((System.nanoTime() - begin) / 1e6);
        }
        return middle(times);
    }

    private static double middle(List<Double> times) {
        double[] sorted = times.stream()
                .sorted(Comparator.naturalOrder())
                .mapToDouble(t -> t)
                .toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }
}
