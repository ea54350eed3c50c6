package org.segloss.fit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.segloss.io.AtomicFile;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.net.NetworkPlan;
import org.segloss.net.NetworkPlan.Architecture;
import org.segloss.net.Parameters;
import org.segloss.torch.Tensor;

/// A network as a file: its weights, the optimizer's moments, and all that has to be known to use it.
///
/// The arrays are `weights/NAME` and `MOMENT/NAME`.
///
/// @param patch   (z, y, x) of the patches it was trained on
/// @param loss    text of the loss it was trained with
/// @param step    steps done
/// @param weights each parameter's numbers, by name
public record Checkpoint(
        NetworkPlan network, Task task, int[] patch, String loss, long seed, int step, Map<String, float[]> weights) {
    private static final String FORMAT = "segloss-1";
    private static final String WEIGHTS = "weights/";

    static void write(Path file, TrainingPlan plan, int step, Network network, Update update) throws IOException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("loss", plan.loss().toString());
        metadata.put("step", String.valueOf(step));
        metadata.put("seed", String.valueOf(plan.seed()));
        metadata.put("network.architecture", plan.network().architecture().name());
        metadata.put("network.dimensions", String.valueOf(plan.network().dimensions()));
        metadata.put("network.inputs", String.valueOf(plan.network().inputs()));
        metadata.put("network.outputs", String.valueOf(plan.network().outputs()));
        metadata.put("network.width", String.valueOf(plan.network().width()));
        metadata.put("network.levels", String.valueOf(plan.network().levels()));
        metadata.put("task.kind", plan.task().kind().name());
        metadata.put("task.classes", String.valueOf(plan.task().classes()));
        plan.task().ignoredLabel().ifPresent(label -> metadata.put("task.ignored", String.valueOf(label)));
        metadata.put(
                "patch", Arrays.stream(plan.patch()).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
        SequencedMap<String, Safetensors.Array> arrays = new LinkedHashMap<>();
        Parameters parameters = network.parameters();
        put(arrays, WEIGHTS, parameters, parameters.values());
        update.moments().forEach((name, moment) -> put(arrays, name + "/", parameters, moment));
        AtomicFile.write(file, out -> new Safetensors(metadata, arrays).write(out));
    }

    private static void put(
            SequencedMap<String, Safetensors.Array> arrays, String prefix, Parameters parameters, Tensor flat) {
        SequencedMap<String, long[]> shapes = parameters.shapes();
        parameters
                .split(flat)
                .forEach((name, values) -> arrays.put(prefix + name, new Safetensors.Array(shapes.get(name), values)));
    }

    /// Reads what [Trainer] wrote.
    ///
    /// @throws IOException if the file is no checkpoint of this program; says what is wrong with it
    public static Checkpoint read(Path file) throws IOException {
        Safetensors content = Safetensors.read(file);
        Map<String, String> metadata = content.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IOException("%s is no checkpoint of Segloss: its format is '%s', expected '%s'"
                    .formatted(file, metadata.getOrDefault("format", ""), FORMAT));
        }
        Map<String, float[]> weights = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> {
            if (name.startsWith(WEIGHTS)) {
                weights.put(name.substring(WEIGHTS.length()), array.values());
            }
        });
        try {
            NetworkPlan network = new NetworkPlan(
                    Architecture.valueOf(text(metadata, "network.architecture")),
                    number(metadata, "network.dimensions"),
                    number(metadata, "network.inputs"),
                    number(metadata, "network.outputs"),
                    number(metadata, "network.width"),
                    number(metadata, "network.levels"));
            Task task = new Task(
                    Task.Kind.valueOf(text(metadata, "task.kind")),
                    number(metadata, "task.classes"),
                    metadata.containsKey("task.ignored")
                            ? OptionalInt.of(number(metadata, "task.ignored"))
                            : OptionalInt.empty());
            int[] patch = Arrays.stream(text(metadata, "patch").split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            long seed = Long.parseLong(text(metadata, "seed"));
            Loss loss = Loss.parse(text(metadata, "loss"));
            // refuses what no training can have had
            new TrainingPlan(loss, task, network, patch, 1, 1, TrainingPlan.Optimizer.ADAMW, 1, seed, "cpu");
            return new Checkpoint(network, task, patch, loss.toString(), seed, number(metadata, "step"), weights);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s is a broken checkpoint: %s".formatted(file, e.getMessage()), e);
        }
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
