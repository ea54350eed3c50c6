package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segloss.file.Json;
import org.segloss.file.Printable;
import org.segloss.format.Formats;
import tools.jackson.databind.JsonNode;

/// What a `dataset.json` declares, in the form of the decathlon or of nnU-Net.
///
/// @param labels   names by value; empty if none are declared
/// @param regions  sets of values by name that nnU-Net learns instead of the labels, each with the value that
/// it paints
///                 (`regions_class_order`); empty if none are declared
/// @param ignored  values of labels whose voxels don't count: that of nnU-Net's label `ignore`
/// @param training ids of the cases that are listed; empty if none are
/// @param channels kind of image that each channel holds, such as `MRI`, by number; empty if none are
///                 declared
/// @param suffixed whether image names end with the number of their channel, as nnU-Net's do:
///                 `case_0000.nii.gz`
/// @param cases    how many there are to train with, as `numTraining` says
record DatasetJson(
        Optional<String> name,
        SortedMap<Integer, String> labels,
        List<DeclaredRegion> regions,
        SortedSet<Integer> ignored,
        List<String> training,
        Map<Integer, String> channels,
        boolean suffixed,
        OptionalInt cases) {

    static final String FILE = "dataset.json";

    /// What a channel of computed tomography is called.
    static final String CT = "CT";

    static final DatasetJson NONE = new DatasetJson(
            Optional.empty(),
            Collections.emptySortedMap(),
            List.of(),
            Collections.emptySortedSet(),
            List.of(),
            Map.of(),
            false,
            OptionalInt.empty());

    /// {@return what the folder's file declares, nothing where there is no file}
    static DatasetJson read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return NONE;
        }
        JsonNode json = Json.readObject(file);
        var name = json.path("name").asStringOpt();
        var training = new ArrayList<String>();
        for (JsonNode entry : json.path("training")) {
            String image =
                    entry.isString() ? entry.asString() : entry.path("image").asString("");
            // no path: whatever stands there, with slashes of any kind, it names no file that is opened
            int last = Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\'));
            training.add(Formats.IMAGES.withoutEnding(image.substring(last + 1)));
        }
        boolean nnUNet = json.has("channel_names");
        boolean declared = json.hasNonNull("labels");
        List<DeclaredRegion> regions = declared ? DeclaredRegion.read(file, json) : List.of();
        SortedMap<Integer, String> labels =
                declared ? labels(file, json.path("labels"), !regions.isEmpty()) : new TreeMap<>();
        return new DatasetJson(
                name,
                classes(labels),
                regions,
                ignored(file, labels),
                training,
                channels(json.path(nnUNet ? "channel_names" : "modality")),
                nnUNet,
                json.path("numTraining").isInt()
                        ? OptionalInt.of(json.path("numTraining").intValue())
                        : OptionalInt.empty());
    }

    private static Map<Integer, String> channels(JsonNode node) {
        var byNumber = new TreeMap<Integer, String>();
        for (var entry : node.properties()) {
            if (isNumber(entry.getKey())) {
                byNumber.put(Integer.parseInt(entry.getKey()), entry.getValue().asString(""));
            }
        }
        return byNumber;
    }

    /// {@return the channels that hold numbers of computed tomography}
    ///
    /// @param folder   of the data set
    /// @param channels of its images
    /// @throws IOException if they have no such channel
    SortedSet<Integer> tomography(Path folder, int channels) throws IOException {
        var numbers = new TreeSet<Integer>();
        for (var channel : this.channels.entrySet()) {
            if (channel.getValue().equalsIgnoreCase(CT)) {
                numbers.add(channel.getKey());
            }
        }
        if (!numbers.isEmpty() && numbers.last() >= channels) {
            throw new IOException("%s: channel %d is called %s. The images have %d, and the first is number 0."
                    .formatted(folder.resolve(FILE), numbers.last(), CT, channels));
        }
        return numbers;
    }

    /// {@return the name under which the file says what the channels hold}
    String channelsKey() {
        return suffixed ? "channel_names" : "modality";
    }

    /// @param regions whether values may be lists, which are no labels then
    private static SortedMap<Integer, String> labels(Path file, JsonNode node, boolean regions) throws IOException {
        if (!node.isObject()) {
            throw new IOException(
                    ("%s: 'labels' is %s. Expected are names by value, such as {\"0\": \"background\", \"1\":"
                                    + " \"organ\"}.")
                            .formatted(file, node.isArray() ? "a list" : "no object"));
        }
        var byValue = new TreeMap<Integer, String>();
        for (var entry : node.properties()) {
            Declared declared = Declared.of(entry);
            String value = declared.value;
            String label = declared.label;
            if (regions && entry.getValue().isArray()) {
                continue;
            }
            if (!isNumber(value)) {
                throw new IOException(
                        "%s: the label '%s' has the value %s. Labels are whole numbers, or lists of these."
                                .formatted(file, label, value));
            }
            if (label.chars().anyMatch(Character::isISOControl)) {
                throw new IOException("%s: the label '%s' has control characters in its name. Rename it."
                        .formatted(file, Printable.quote(label)));
            }
            String other = byValue.put(Integer.parseInt(value), label);
            if (other != null) {
                throw new IOException("%s: the labels '%s' and '%s' both have the value %s. Give each its own."
                        .formatted(file, other, label, value));
            }
        }
        return byValue;
    }

    /// A label with its value, as the file has them.
    private record Declared(String label, String value) {
        /// The decathlon has `"1": "liver"`, nnU-Net has `"liver": 1`.
        static Declared of(Map.Entry<String, JsonNode> entry) {
            return entry.getValue().isString() && isNumber(entry.getKey())
                    ? new Declared(entry.getValue().asString(), entry.getKey())
                    : new Declared(entry.getKey(), entry.getValue().toString().replace("\"", ""));
        }
    }

    /// {@return what [#ignored()] would be}, whatever else the file says, such as regions or labels of an
    /// atlas
    ///
    /// @throws IOException if the file is no JSON object, or calls what is no label `ignore`
    static SortedSet<Integer> ignored(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Collections.emptySortedSet();
        }
        var labels = new TreeMap<Integer, String>();
        var others = new TreeMap<String, String>();
        for (var entry : Json.readObject(file).path("labels").properties()) {
            Declared declared = Declared.of(entry);
            if (!declared.label.equals(ClassLabels.IGNORE)) {
                others.put(declared.value, declared.label);
            } else {
                if (!isNumber(declared.value)) {
                    throw noLabel(file, declared.value);
                }
                labels.put(Integer.parseInt(declared.value), ClassLabels.IGNORE);
            }
        }
        for (int label : labels.keySet()) {
            String other = others.get(Integer.toString(label));
            if (other != null) {
                throw new IOException("%s: the labels '%s' and '%s' both have the value %d. Give each its own."
                        .formatted(file, other, ClassLabels.IGNORE, label));
            }
        }
        return ignored(file, labels);
    }

    private static IOException noLabel(Path file, String value) {
        return new IOException("%s: the label '%s' has the value %s. Labels are whole numbers."
                .formatted(file, ClassLabels.IGNORE, value));
    }

    private static SortedSet<Integer> ignored(Path file, SortedMap<Integer, String> labels) throws IOException {
        var ignored = new TreeSet<Integer>();
        for (var label : labels.entrySet()) {
            if (label.getValue().equals(ClassLabels.IGNORE)) {
                ignored.add(label.getKey());
            }
        }
        if (ignored.size() > 1) {
            throw new IOException(
                    "%s: several labels are called '%s', with the values %s. Declare one, and name others with --ignore."
                            .formatted(file, ClassLabels.IGNORE, ignored));
        }
        return ignored;
    }

    private static SortedMap<Integer, String> classes(SortedMap<Integer, String> labels) {
        var classes = new TreeMap<>(labels);
        classes.values().removeIf(ClassLabels.IGNORE::equals);
        return classes;
    }

    static boolean isNumber(String text) {
        return text.matches("-?\\d{1,9}");
    }
}
