package org.segloss.fit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.file.AtomicFile;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.net.Parameters;
import org.segloss.plan.Machine;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.NetworkPlan.Architecture;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.IntensityScale;
import org.segloss.prep.Preprocessing;
import org.segloss.torch.Tensor;

/// A network as a file: its weights, the optimizer's moments, and all that has to be known to use it.
///
/// The arrays are `weights/NAME` and `MOMENT/NAME`.
///
/// @param preprocessing what is done to an image first
/// @param patch   (z, y, x) of the patches it was trained on
/// @param views   axes along which a prediction mirrors an image
/// @param precision of the network's features
/// @param loss    text of the loss it was trained with
/// @param threads with which libtorch computed
/// @param step    steps done
/// @param weights each parameter's numbers to predict with, by name
public record Checkpoint(
        Preprocessing preprocessing,
        NetworkPlan network,
        Task task,
        int[] patch,
        Set<Axis> views,
        Precision precision,
        String loss,
        long seed,
        int threads,
        int step,
        Map<String, float[]> weights) {
    private static final String FORMAT = "segloss-4";
    private static final String WEIGHTS = "weights/";
    private static final String STEP = "step";
    private static final String SCALE = "scale.";
    private static final String ANEW = "delete it and its training begins anew, or start all anew with --restart";

    /// Writes a checkpoint; the old one is there until the new one is.
    ///
    /// @param settings those of [#settings]
    static void write(Path file, Map<String, String> settings, int step, Network network, Update update)
            throws IOException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>(settings);
        metadata.put(STEP, String.valueOf(step));
        SequencedMap<String, Safetensors.Array> arrays = new LinkedHashMap<>();
        Parameters parameters = network.parameters();
        put(arrays, WEIGHTS, parameters, parameters.values());
        update.moments().forEach((name, moment) -> put(arrays, name + "/", parameters, moment));
        // also while the program is ending, which waits for the open scope
        AtomicFile.writeLast(file, out -> new Safetensors(metadata, arrays).write(out));
    }

    /// {@return all that decides what comes out of a training, by name}
    ///
    /// @param cases stands for the data
    static SequencedMap<String, String> settings(TrainingPlan plan, String cases) {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        settings.put("format", FORMAT);
        settings.put("loss", plan.loss().toString());
        settings.put("seed", String.valueOf(plan.seed()));
        settings.put("network.architecture", plan.network().architecture().name());
        settings.put("network.dimensions", String.valueOf(plan.network().dimensions()));
        settings.put("network.inputs", String.valueOf(plan.network().inputs()));
        settings.put("network.outputs", String.valueOf(plan.network().outputs()));
        settings.put("network.width", String.valueOf(plan.network().width()));
        settings.put("network.strides", text(plan.network().strides()));
        settings.put("network.kernels", text(plan.network().kernels()));
        settings.put("network.heads", String.valueOf(plan.network().heads()));
        settings.put("task.kind", plan.task().kind().name());
        settings.put("task.classes", String.valueOf(plan.task().classes()));
        plan.task().ignoredLabel().ifPresent(label -> settings.put("task.ignored", String.valueOf(label)));
        Spacing spacing = plan.preprocessing().spacing();
        settings.put("spacing", "%s %s %s".formatted(spacing.z(), spacing.y(), spacing.x()));
        plan.preprocessing()
                .scales()
                .forEach((channel, scale) -> settings.put(
                        SCALE + channel,
                        "%s %s %s %s".formatted(scale.low(), scale.high(), scale.mean(), scale.deviation())));
        settings.put(
                "patch", plan.patch().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        settings.put("batch", String.valueOf(plan.batch()));
        settings.put("steps", String.valueOf(plan.steps()));
        Recipe recipe = plan.recipe();
        settings.put("optimizer", recipe.optimizer().name());
        settings.put("learning_rate", String.valueOf(recipe.learningRate()));
        settings.put("augmentation", String.valueOf(recipe.augmentation().changes()));
        settings.put("mirrored", text(recipe.augmentation().mirrored()));
        settings.put("views", text(recipe.views()));
        settings.put("averaging", String.valueOf(recipe.averaging()));
        settings.put("precision", plan.precision().name());
        settings.put("device", plan.device());
        settings.put("threads", String.valueOf(plan.threads()));
        settings.put("cases", cases);
        return settings;
    }

    /// A checkpoint of a training that can be gone on with.
    record Saved(Path file, Safetensors content, int step) {

        /// Puts the network and its optimizer back to where the checkpoint was written.
        ///
        /// @throws IOException if arrays are missing
        void restore(Network network, Update update) throws IOException {
            try {
                Parameters parameters = network.parameters();
                parameters.load(named(content, WEIGHTS));
                update.moments().forEach((name, moment) -> parameters.load(named(content, name + "/"), moment));
            } catch (IllegalArgumentException e) {
                throw new IOException("%s is a broken checkpoint: %s; %s".formatted(file, e.getMessage(), ANEW), e);
            }
        }
    }

    /// Opens a checkpoint to go on from.
    ///
    /// @throws IOException if the file is no checkpoint, or one of a training with other settings; says which
    static Saved open(Path file, Map<String, String> settings) throws IOException {
        Safetensors content = toGoOnFrom(file);
        Map<String, String> there = new LinkedHashMap<>(content.metadata());
        String step = there.remove(STEP);
        if (step == null || !step.matches("\\d{1,9}") || !there.equals(settings)) {
            String differences = Stream.concat(there.keySet().stream(), settings.keySet().stream())
                    .distinct()
                    .filter(key -> !Objects.equals(there.get(key), settings.get(key)))
                    .map(key -> "%s: %s, not %s"
                            .formatted(key, there.getOrDefault(key, "nothing"), settings.getOrDefault(key, "nothing")))
                    .collect(Collectors.joining("; "));
            throw new IOException(
                    "%s is of a training with other settings (%s); name another folder, or start anew with --restart"
                            .formatted(file, differences));
        }
        return new Saved(file, content, Integer.parseInt(step));
    }

    private static Safetensors toGoOnFrom(Path file) throws IOException {
        try {
            return Safetensors.read(file);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("%s; %s".formatted(e.getMessage(), ANEW), e);
        }
    }

    /// {@return what the training of a checkpoint began on, if there is one}
    ///
    /// @throws IOException if the file is no checkpoint; says how to go on without it
    public static Optional<Machine> machine(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> metadata = toGoOnFrom(file).metadata();
        String threads = metadata.getOrDefault("threads", "");
        String precision = metadata.getOrDefault("precision", "");
        return Optional.of(new Machine(
                metadata.getOrDefault("device", ""),
                threads.matches("\\d{1,4}") ? OptionalInt.of(Integer.parseInt(threads)) : OptionalInt.empty(),
                Arrays.stream(Precision.values())
                        .filter(known -> known.name().equals(precision))
                        .findFirst()));
    }

    private static Map<String, float[]> named(Safetensors content, String prefix) {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                float[] values = new float[array.values().remaining()];
                array.values().duplicate().get(values);
                arrays.put(name.substring(prefix.length()), values);
            }
        });
        return arrays;
    }

    private static void put(
            SequencedMap<String, Safetensors.Array> arrays, String prefix, Parameters parameters, Tensor flat) {
        SequencedMap<String, long[]> shapes = parameters.shapes();
        parameters
                .views(flat)
                .forEach((name, values) -> arrays.put(prefix + name, new Safetensors.Array(shapes.get(name), values)));
    }

    /// Reads what [Trainer] wrote.
    ///
    /// @throws IOException if the file is no checkpoint of this program; says what is wrong with it
    public static Checkpoint read(Path file) throws IOException {
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = content.metadata();
        String format = metadata.getOrDefault("format", "");
        if (!FORMAT.equals(format)) {
            throw new IOException((format.startsWith("segloss-")
                            ? "%s was written by another version of Segloss, which has to predict with it: its format is '%s', expected '%s'"
                            : "%s is no checkpoint of Segloss: its format is '%s', expected '%s'")
                    .formatted(file, format, FORMAT));
        }
        Map<String, float[]> average = named(content, Averaged.NAME + "/");
        Map<String, float[]> weights = average.isEmpty() ? named(content, WEIGHTS) : average;
        try {
            NetworkPlan network = new NetworkPlan(
                    Architecture.valueOf(text(metadata, "network.architecture")),
                    number(metadata, "network.dimensions"),
                    number(metadata, "network.inputs"),
                    number(metadata, "network.outputs"),
                    number(metadata, "network.width"),
                    ofLevels(text(metadata, "network.strides")),
                    ofLevels(text(metadata, "network.kernels")),
                    number(metadata, "network.heads"));
            Task task = new Task(
                    Task.Kind.valueOf(text(metadata, "task.kind")),
                    number(metadata, "task.classes"),
                    metadata.containsKey("task.ignored")
                            ? OptionalInt.of(number(metadata, "task.ignored"))
                            : OptionalInt.empty());
            double[] edges = numbers(metadata, "spacing", 3);
            var preprocessing = new Preprocessing(new Spacing(edges[0], edges[1], edges[2]), scales(metadata));
            int[] patch = Arrays.stream(text(metadata, "patch").split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            long seed = Long.parseLong(text(metadata, "seed"));
            Loss loss = Loss.parse(text(metadata, "loss"));
            int threads = number(metadata, "threads");
            // refuses what no training can have had
            new TrainingPlan(
                    loss,
                    task,
                    preprocessing,
                    network,
                    Arrays.stream(patch).boxed().toList(),
                    1,
                    1,
                    Recipe.plain(Recipe.Optimizer.ADAMW, 1),
                    seed,
                    "cpu",
                    threads,
                    Precision.FLOAT32);
            Set<Axis> views = EnumSet.noneOf(Axis.class);
            for (String axis : text(metadata, "views").split(" ")) {
                if (!axis.isEmpty()) {
                    views.add(Axis.valueOf(axis));
                }
            }
            Precision precision = Precision.valueOf(text(metadata, "precision"));
            return new Checkpoint(
                    preprocessing,
                    network,
                    task,
                    patch,
                    views,
                    precision,
                    loss.toString(),
                    seed,
                    threads,
                    number(metadata, STEP),
                    weights);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s is a broken checkpoint: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static SortedMap<Integer, IntensityScale> scales(Map<String, String> metadata) {
        SortedMap<Integer, IntensityScale> scales = new TreeMap<>();
        for (String key : metadata.keySet()) {
            if (key.startsWith(SCALE)) {
                double[] numbers = numbers(metadata, key, 4);
                scales.put(
                        Integer.valueOf(key.substring(SCALE.length())),
                        new IntensityScale(numbers[0], numbers[1], numbers[2], numbers[3]));
            }
        }
        return scales;
    }

    private static double[] numbers(Map<String, String> metadata, String key, int count) {
        double[] numbers = Arrays.stream(text(metadata, key).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (numbers.length != count) {
            throw new IllegalArgumentException("its %s has %d numbers, not %d".formatted(key, numbers.length, count));
        }
        return numbers;
    }

    private static String text(List<List<Integer>> ofLevels) {
        return ofLevels.stream()
                .map(ofAxes -> ofAxes.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .collect(Collectors.joining(", "));
    }

    private static List<List<Integer>> ofLevels(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split(", "))
                        .map(ofAxes -> Stream.of(ofAxes.split(" "))
                                .map(Integer::valueOf)
                                .toList())
                        .toList();
    }

    private static String text(Set<Axis> axes) {
        return axes.stream().map(Axis::name).collect(Collectors.joining(" "));
    }

    /// {@return what keeps another network from predicting together with this one, if anything does}
    public Optional<String> differenceFor(Checkpoint other) {
        Map<String, List<Object>> both = new LinkedHashMap<>();
        both.put("tasks", List.of(task, other.task));
        both.put("image channels", List.of(network.inputs(), other.network.inputs()));
        both.put("dimensions", List.of(network.dimensions(), other.network.dimensions()));
        both.put("strides", List.of(network.strides(), other.network.strides()));
        both.put("voxel sizes", List.of(preprocessing.spacing(), other.preprocessing.spacing()));
        both.put(
                "intensities",
                List.of(
                        preprocessing.intensities(network.inputs()),
                        other.preprocessing.intensities(other.network.inputs())));
        both.put("patches", List.of(Arrays.toString(patch), Arrays.toString(other.patch)));
        both.put("mirrored views", List.of(views, other.views));
        return both.entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getFirst().equals(entry.getValue().getLast()))
                .map(entry -> "their %s differ, %s and %s"
                        .formatted(
                                entry.getKey(),
                                entry.getValue().getLast(),
                                entry.getValue().getFirst()))
                .findFirst();
    }

    private static String text(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("its metadata lack '%s'".formatted(key));
        }
        return value;
    }

    private static int number(Map<String, String> metadata, String key) {
        return Integer.parseInt(text(metadata, key));
    }
}
