package org.segloss.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.DistanceTransform;
import org.segloss.grid.Grid;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// One table of Segloss beside what a user would use instead: value and gradient, the same arrays, the same number of
/// threads, in turns. Our memory is all that a new evaluator and its first evaluation allocate; theirs the most that an
/// evaluation has at once. See `benchmarks/peers/run`.
public final class Peers {
    private static final int THREADS = 2;
    private static final int ROUNDS = 3;

    private static final ThreadMXBean THREAD_MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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
                new ProcessBuilder(args[0], "benchmarks/peers/rivals.py", folder.toString(), Integer.toString(THREADS));
        Process python = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (PrintWriter ask = new PrintWriter(python.outputWriter(), true);
                BufferedReader answer = python.inputReader()) {
            Rivals rivals = new Rivals(folder, ask, answer);
            System.out.println("| case | ours, ms | MiB | value | rival | ms | MiB | ratio |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            for (Case c : CASES) {
                if (args.length < 2 || c.name().contains(args[1])) {
                    measure(c, rivals);
                }
            }
            for (String mask : List.of("organs", "blobs", "mostlyInside")) {
                if (args.length < 2 || ("distance-" + mask).contains(args[1])) {
                    distance(mask, rivals);
                }
            }
            if (args.length < 2 || "machine".contains(args[1])) {
                machine();
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

    /// The program that times the rivals, and the folder in which it finds the arrays.
    private record Rivals(Path folder, PrintWriter ask, BufferedReader answer) {

        /// @param mebibytes beyond inputs and result
        record Answer(double value, double milliseconds, double mebibytes) {}

        Answer measure(String name, String rival, String task, Shape shape) throws IOException {
            ask.println("%s %s %s %d %d %d %d %d"
                    .formatted(name, rival, task, shape.batch(), shape.classes(), shape.z(), shape.y(), shape.x()));
            String line = answer.readLine();
            if (line == null) {
                throw new IOException("the Python of the rivals ended; its message is above");
            }
            double[] numbers = Arrays.stream(line.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Answer(numbers[0], numbers[1], numbers[2]);
        }
    }

    private static void measure(Case c, Rivals rivals) throws IOException {
        Shape shape = c.shape();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment logits = arena.allocate(shape.elements() * Float.BYTES, 64);
            MemorySegment gradient = arena.allocate(shape.elements() * Float.BYTES, 64);
            MemorySegment labels = arena.allocate(shape.batch() * shape.voxels(), 64);
            fill(shape, logits, labels);
            write(rivals.folder().resolve(c.name() + ".logits"), logits);
            write(rivals.folder().resolve(c.name() + ".labels"), labels);

            Prediction prediction = Prediction.logits(logits, shape);
            Target target = Target.labels(labels);
            LossEvaluator evaluator = new LossEvaluator(Loss.parse(c.text()), c.task(), THREADS);
            DoubleSupplier ours =
                    () -> evaluator.evaluate(prediction, target, gradient).value();
            double value = ours.getAsDouble();

            List<Double> times = new ArrayList<>();
            List<List<Double>> theirs = new ArrayList<>();
            c.rivals().forEach(_ -> theirs.add(new ArrayList<>()));
            double[] needed = new double[c.rivals().size()];
            for (int round = 0; round < ROUNDS; round++) {
                times.add(median(ours));
                for (int r = 0; r < c.rivals().size(); r++) {
                    Rivals.Answer answer = rivals.measure(c.name(), c.rivals().get(r), c.loss(), shape);
                    agree(c, value, c.rivals().get(r), answer.value());
                    theirs.get(r).add(answer.milliseconds());
                    needed[r] = answer.mebibytes();
                }
            }
            // a new evaluator, but no longer the first: until the compiler has been there every vector is an object
            long allocated = THREAD_MEMORY.getTotalThreadAllocatedBytes();
            new LossEvaluator(Loss.parse(c.text()), c.task(), THREADS).evaluate(prediction, target, gradient);
            double mebibytes = (THREAD_MEMORY.getTotalThreadAllocatedBytes() - allocated) / 0x1p20;
            double best = middle(times);
            String start = "| %s | %.3f | %.1f | %.7f |".formatted(c.name(), best, mebibytes, value);
            if (c.rivals().isEmpty()) {
                System.out.println(start + " | | | |");
            }
            for (int r = 0; r < c.rivals().size(); r++) {
                double rival = middle(theirs.get(r));
                System.out.println(start
                        + " %s | %.3f | %s | %.1f |"
                                .formatted(c.rivals().get(r), rival, memory(needed[r]), rival / best));
            }
        }
    }

    private static String memory(double mebibytes) {
        return Double.isNaN(mebibytes) ? "" : "%.0f".formatted(Math.max(0, mebibytes));
    }

    private static void distance(String mask, Rivals rivals) throws IOException {
        Grid grid = new Grid(512, 512, 300, 0.7, 0.7, 1.5);
        Shape shape = new Shape(1, 1, grid.z(), grid.y(), grid.x());
        String name = "distance-%s-%dx%dx%d".formatted(mask, grid.z(), grid.y(), grid.x());
        byte[] voxels = Masks.of(mask, grid);
        Files.write(rivals.folder().resolve(name + ".labels"), voxels);
        float[] ours = DistanceTransform.distance(voxels, grid, THREADS);
        double value = 0;
        for (float distance : ours) {
            value += distance;
        }
        for (int i = 0; i < 12; i++) {
            // for the compiler
            DistanceTransform.distance(voxels, grid, THREADS);
        }
        for (String rival : List.of("edt", "scipy")) {
            double before = median(() -> DistanceTransform.distance(voxels, grid, THREADS)[0]);
            Rivals.Answer answer = rivals.measure(name, rival, "distance", shape);
            double after = median(() -> DistanceTransform.distance(voxels, grid, THREADS)[0]);
            agree(ours, rivals.folder().resolve(name + "." + rival), rival);
            double time = (before + after) / 2;
            System.out.println("| %s | %.0f | | %.7g | %s | %.0f | %s | %.1f |"
                    .formatted(
                            name,
                            time,
                            value,
                            rival,
                            answer.milliseconds(),
                            memory(answer.mebibytes()),
                            answer.milliseconds() / time));
        }
    }

    private static void agree(float[] ours, Path file, String rival) throws IOException {
        ByteBuffer theirs = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        for (int i = 0; i < ours.length; i++) {
            float their = theirs.getFloat(i * Float.BYTES);
            if (!(Math.abs(ours[i] - their) <= 1e-5 * their)) {
                throw new IllegalStateException("voxel %d: segloss gives %s, %s %s: there is nothing to compare"
                        .formatted(i, ours[i], rival, their));
            }
        }
    }

    /// What two threads and the memory allow.
    private static void machine() {
        Shape shape = cube(1, 1, 256);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment logits = arena.allocate(shape.elements() * Float.BYTES, 64);
            MemorySegment gradient = arena.allocate(shape.elements() * Float.BYTES, 64);
            MemorySegment labels = arena.allocate(shape.voxels(), 64);
            fill(shape, logits, labels);
            List<List<Double>> times = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < ROUNDS; round++) {
                for (int threads = 1; threads <= THREADS; threads++) {
                    LossEvaluator evaluator = new LossEvaluator(Loss.parse("bce + dice"), Task.binary(), threads);
                    times.get(threads)
                            .add(median(() -> evaluator
                                    .evaluate(Prediction.logits(logits, shape), Target.labels(labels), gradient)
                                    .value()));
                }
                times.get(0).add(median(() -> copy(logits, gradient)));
            }
            double copy = middle(times.get(0));
            double one = middle(times.get(1));
            double two = middle(times.get(2));
            System.out.println();
            System.out.println(
                    "bce+dice-1x1x256: one thread %.1f ms, two %.1f ms: %.2f times".formatted(one, two, one / two));
            // pass 1 reads logits and labels; pass 2 does again, and writes the gradient: 14 bytes a voxel, a copy 8
            double bound = 14.0 / 8 * copy;
            System.out.println("copy of the logits %.1f ms, so memory's bound is %.1f ms: %.0f %% of it reached"
                    .formatted(copy, bound, 100 * bound / two));
        }
    }

    private static double copy(MemorySegment from, MemorySegment to) {
        long piece = from.byteSize() / THREADS;
        IntStream.range(0, THREADS).parallel().forEach(i -> MemorySegment.copy(from, i * piece, to, i * piece, piece));
        return 0;
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
