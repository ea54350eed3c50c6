package org.segloss.fit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segloss.file.AtomicFile;
import org.segloss.file.Json;
import org.segloss.net.Network;
import org.segloss.net.Parameters;
import org.segloss.plan.Machine;
import org.segloss.plan.PlanJson;
import org.segloss.plan.TrainingPlan;
import org.segloss.torch.Tensor;

/// A network as a file: its weights, the optimizer's moments, and all that has to be known to use it.
///
/// The file's metadata are `format`, `plan` in its [one form][PlanJson], `cases` and `validation` with a hash of the
/// data each, and `step`.
/// The arrays are `weights/NAME` and `MOMENT/NAME`.
///
/// @param plan    of the training
/// @param cases   stands for the data that it was trained on
/// @param step    steps done
/// @param weights each parameter's numbers to predict with, by name
public record Checkpoint(TrainingPlan plan, String cases, int step, Map<String, float[]> weights) {
    private static final String FORMAT = "segloss-8";
    private static final String WEIGHTS = "weights/";
    private static final String ANEW = "delete it and its training begins anew, or start all anew with --restart";

    /// What decides what comes out of a training, and how far it is.
    ///
    /// @param cases      stands for the data that it is trained on
    /// @param validation stands for those that it is validated on: they change no weight, but `validation.csv`
    record Header(TrainingPlan plan, String cases, String validation, int step) {
        Header {
            plan = plan.anywhere();
        }

        SequencedMap<String, String> metadata() {
            SequencedMap<String, String> metadata = new LinkedHashMap<>();
            metadata.put("format", FORMAT);
            metadata.put("plan", PlanJson.text(plan));
            metadata.put("cases", cases);
            metadata.put("validation", validation);
            metadata.put("step", String.valueOf(step));
            return metadata;
        }

        /// @throws IOException if these are no checkpoint's metadata; says what is wrong with them
        static Header of(Path file, Map<String, String> metadata) throws IOException {
            String format = metadata.getOrDefault("format", "");
            if (!FORMAT.equals(format)) {
                throw new IOException((format.startsWith("segloss-")
                                ? "%s was written by another version of Segloss: its format is '%s', expected '%s'; use it with that version, or train anew, in another folder or with --restart"
                                : "%s is no checkpoint of Segloss: its format is '%s', expected '%s'")
                        .formatted(file, format, FORMAT));
            }
            try {
                String step = text(metadata, "step");
                if (!step.matches("\\d{1,9}")) {
                    throw new IllegalArgumentException("its step is '%s', which is no number".formatted(step));
                }
                return new Header(
                        PlanJson.read(text(metadata, "plan"), TrainingPlan.class),
                        text(metadata, "cases"),
                        text(metadata, "validation"),
                        Integer.parseInt(step));
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
    }

    /// Writes a checkpoint; the old one is there until the new one is.
    static void write(Path file, Header header, Network network, Update update) throws IOException {
        SequencedMap<String, Safetensors.Array> arrays = new LinkedHashMap<>();
        Parameters parameters = network.parameters();
        put(arrays, WEIGHTS, parameters, parameters.values());
        update.moments().forEach((name, moment) -> put(arrays, name + "/", parameters, moment));
        // also while the program is ending, which waits for the open scope
        AtomicFile.writeLast(file, out -> new Safetensors(header.metadata(), arrays).write(out));
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
    /// @param wanted  what it has to be of, whatever the step
    /// @param earlier steps after which the training had ended before it was extended, if it was: what it left
    /// there
    ///     will do as well
    /// @throws IOException if the file is no checkpoint, or one of a training with other settings; says which
    static Saved open(Path file, Header wanted, OptionalInt earlier) throws IOException {
        Safetensors content = toGoOnFrom(file);
        Header header = Header.of(file, content.metadata());
        TrainingPlan plan = earlier.isPresent()
                        && header.step == earlier.getAsInt()
                        // whichever of the two wrote it
                        && header.plan.steps() == header.step
                ? wanted.plan.lasting(header.step)
                : wanted.plan;
        List<Json.Difference> differences = PlanJson.differences(header.plan, plan);
        if (!header.cases.equals(wanted.cases)) {
            differences.add(new Json.Difference("cases", header.cases, wanted.cases));
        }
        if (!header.validation.equals(wanted.validation)) {
            differences.add(new Json.Difference("validation cases", header.validation, wanted.validation));
        }
        if (!differences.isEmpty()) {
            throw new IOException(
                    "%s is of a training with other settings (%s); name another folder, or start anew with --restart"
                            .formatted(
                                    file,
                                    differences.stream().map(String::valueOf).collect(Collectors.joining("; "))));
        }
        return new Saved(file, content, header.step);
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
        return Files.exists(file)
                ? Optional.of(Header.of(file, toGoOnFrom(file).metadata()).plan.machine())
                : Optional.empty();
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
        Header header = Header.of(file, content.metadata());
        Map<String, float[]> average = named(content, Averaged.NAME + "/");
        return new Checkpoint(
                header.plan, header.cases, header.step, average.isEmpty() ? named(content, WEIGHTS) : average);
    }

    /// {@return what keeps another network from predicting together with this one, if anything does}
    public Optional<String> differenceFor(Checkpoint other) {
        return both(other, "tasks", TrainingPlan::task)
                .or(() -> both(other, "image channels", p -> p.network().inputs()))
                .or(() -> both(other, "dimensions", p -> p.network().dimensions()))
                .or(() -> both(other, "strides", p -> p.network().strides()))
                .or(() -> both(other, "voxel sizes", p -> p.preprocessing().spacing()))
                .or(() -> both(
                        other,
                        "intensities",
                        p -> p.preprocessing().intensities(p.network().inputs())))
                .or(() -> both(other, "patches", TrainingPlan::patch))
                .or(() -> both(other, "mirrored views", p -> p.recipe().views()));
    }

    private Optional<String> both(Checkpoint other, String what, Function<TrainingPlan, Object> of) {
        return Optional.of("their %s differ, %s and %s".formatted(what, of.apply(other.plan), of.apply(plan)))
                .filter(_ -> !of.apply(other.plan).equals(of.apply(plan)));
    }
}
