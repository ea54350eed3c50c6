package org.segloss.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Evaluates the losses that `benchmarks/peers/differential.py` asks for, as a program of a user's would.
///
/// Reads requests from standard input: a line of words, then little-endian numbers. The words are the kind of task,
/// its classes, the ignored label or -1, the shape, the types of prediction and target, the scale, the voxel's sides,
/// the memory (`native` or `array`), the bytes of the mask, and the loss. The prediction comes as doubles, the target
/// in its type. Answers each with a line, `ok VALUE` and the gradient as doubles, or `refused MESSAGE`.
public final class Differential {
    private static final int THREADS = 2;

    private Differential() {}

    public static void main(String[] args) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
                OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))) {
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                answer(line, in, out);
                out.flush();
            }
        }
    }

    /// {@return the next line, empty at the end}
    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void answer(String line, DataInputStream in, OutputStream out) throws IOException {
        String[] words = line.split(" ", 17);
        int classes = Integer.parseInt(words[1]);
        Task task =
                switch (Task.Kind.valueOf(words[0])) {
                    case BINARY -> Task.binary();
                    case MULTICLASS -> Task.multiclass(classes);
                    case MULTILABEL -> Task.multilabel(classes);
                };
        int ignored = Integer.parseInt(words[2]);
        Shape shape =
                new Shape(number(words[3]), number(words[4]), number(words[5]), number(words[6]), number(words[7]));
        Prediction.FloatType type = Prediction.FloatType.valueOf(words[8]);
        Target.Type targetType = Target.Type.valueOf(words[9]);
        Prediction.Scale scale = Prediction.Scale.valueOf(words[10]);
        Spacing spacing = new Spacing(
                Double.parseDouble(words[11]), Double.parseDouble(words[12]), Double.parseDouble(words[13]));
        long voxels = shape.batch() * shape.voxels();
        try (Arena arena = Arena.ofConfined()) {
            boolean isNative = words[14].equals("native");
            MemorySegment doubles = read(in, 8 * shape.elements(), 8, true, arena);
            MemorySegment prediction = allocate(type.bytes() * shape.elements(), type.bytes(), isNative, arena);
            for (long i = 0; i < shape.elements(); i++) {
                set(prediction, type, i, doubles.getAtIndex(ValueLayout.JAVA_DOUBLE, i));
            }
            long numbers = targetType.isIndex() ? voxels : shape.elements();
            MemorySegment data = read(in, targetType.bytes() * numbers, targetType.bytes(), isNative, arena);
            int maskBytes = number(words[15]);
            Optional<MemorySegment> mask =
                    maskBytes == 0 ? Optional.empty() : Optional.of(read(in, maskBytes, 1, isNative, arena));
            MemorySegment gradient = allocate(prediction.byteSize(), type.bytes(), isNative, arena);
            try {
                LossEvaluator evaluator =
                        new LossEvaluator(Loss.parse(words[16]), ignored < 0 ? task : task.ignoring(ignored), THREADS);
                double value = evaluator
                        .evaluate(
                                new Prediction(prediction, type, shape, scale),
                                new Target(data, targetType, mask, spacing, true),
                                gradient)
                        .value();
                write(out, "ok " + value);
                ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(8 * shape.elements()))
                        .order(ByteOrder.nativeOrder());
                for (long i = 0; i < shape.elements(); i++) {
                    bytes.putDouble(get(gradient, type, i));
                }
                out.write(bytes.array());
            } catch (IllegalArgumentException e) {
                write(out, "refused " + e.getMessage().replace('\n', ' '));
            }
        }
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MemorySegment read(DataInputStream in, long size, int width, boolean isNative, Arena arena)
            throws IOException {
        byte[] bytes = new byte[Math.toIntExact(size)];
        in.readFully(bytes);
        MemorySegment segment = allocate(size, width, isNative, arena);
        segment.copyFrom(MemorySegment.ofArray(bytes));
        return segment;
    }

    /// {@return native memory, or an array of numbers of that many bytes}
    private static MemorySegment allocate(long size, int width, boolean isNative, Arena arena) {
        if (isNative) {
            return arena.allocate(size, 64);
        }
        int length = Math.toIntExact(size / width);
        return switch (width) {
            case 1 -> MemorySegment.ofArray(new byte[length]);
            case 2 -> MemorySegment.ofArray(new short[length]);
            case 4 -> MemorySegment.ofArray(new float[length]);
            default -> MemorySegment.ofArray(new double[length]);
        };
    }

    private static void set(MemorySegment data, Prediction.FloatType type, long i, double value) {
        if (type == Prediction.FloatType.FLOAT64) {
            data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i, value);
        } else {
            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, (float) value);
        }
    }

    private static double get(MemorySegment data, Prediction.FloatType type, long i) {
        return type == Prediction.FloatType.FLOAT64
                ? data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i)
                : data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i);
    }
}
