package org.segloss.dataset;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.file.AtomicFile;
import org.segloss.file.Json;
import org.segloss.file.Temporary;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// A generated data set: a small curved organ beside distractors of nearly the same intensity.
///
/// Each case is a volume of about 40 x 40 x 32 voxels of 1 x 1 x 1.25 mm. The organ, a bent tube that is
/// thicker in the middle, takes 2 to 6 % of the voxels, and varies in size, bend, place and direction. Two
/// round bodies of the same intensity have together more volume than it, so that brightness alone does not find
/// it. A slowly varying gain, texture, partial volume at the borders and noise of a quarter of the organ's
/// contrast are added.
///
/// @param seed       same seed, same bytes
/// @param train      training cases, at least 1
/// @param validation validation cases, 0 or more
/// @param test       test cases, at least 1
public record Phantom(long seed, int train, int validation, int test) {

    public Phantom {
        if (train < 1 || validation < 0 || test < 1) {
            throw new IllegalArgumentException(
                    "a phantom needs at least 1 training and 1 test case and no fewer than 0 to validate, but %d, %d and %d were asked for"
                            .formatted(train, test, validation));
        }
    }

    /// The usual phantom: 24 cases to train with, 10 to validate and 10 to test.
    public Phantom(long seed) {
        this(seed, 24, validation(24), 10);
    }

    /// {@return how many cases validate if nobody says}: half as many as train, but 1 at least and 10 at most
    public static int validation(int train) {
        return Math.clamp(train / 2, 1, Split.VALIDATED);
    }

    /// {@return one case; training cases come first, and validation cases last}
    ///
    /// @param index from 0, of all cases
    public Case generate(int index) {
        return PhantomCase.generate(seed, index, id(index));
    }

    private static String id(int index) {
        return String.format(Locale.ROOT, "phantom_%03d", index);
    }

    /// Writes MSD folders and `split.json`. They appear all at once, or not at all.
    ///
    /// @throws IOException if the folder holds files already, or cannot be written
    public void write(Path folder) throws IOException {
        if (Files.exists(folder)) {
            checkEmpty(folder);
        }
        try (var temporary = Temporary.beside(folder)) {
            writeFiles(temporary.path());
            Files.deleteIfExists(folder);
            Files.move(temporary.path(), folder);
        }
    }

    private static void checkEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": this is a file. Give the name of a new folder.");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new IOException(folder + ": this folder holds files already. Give a new or empty one.");
            }
        }
    }

    private void writeFiles(Path folder) throws IOException {
        // first of all: what can't be written is said before anything is generated
        Files.createDirectories(folder);
        // two at a time: generating takes longer than writing
        List<Case> cases = IntStream.range(0, train + test + validation)
                .parallel()
                .mapToObj(this::generate)
                .toList();
        var training = new ArrayList<Map<String, String>>();
        for (Case c : cases) {
            String name = c.id() + Formats.IMAGES.ownEnding();
            String image = "imagesTr/" + name;
            String label = "labelsTr/" + name;
            Images.write(folder.resolve(image), c.image().geometry(), shorts(c));
            Images.write(folder.resolve(label), c.label());
            training.add(inOrder("image", "./" + image, "label", "./" + label));
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("name", "Phantom");
        json.put(
                "description", "A bent organ beside round bodies of nearly its intensity, generated with seed " + seed);
        json.put("tensorImageSize", "3D");
        json.put("modality", Map.of("0", "simulated"));
        json.put("labels", inOrder("0", "background", "1", "organ"));
        json.put("numTraining", cases.size());
        json.put("numTest", 0);
        json.put("training", training);
        AtomicFile.write(folder.resolve(DatasetJson.FILE), Json.pretty(json).getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(folder.resolve("split.json"), Json.pretty(split()).getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, List<String>> split() {
        var split = new LinkedHashMap<String, List<String>>();
        split.put("train", ids(0, train));
        if (validation > 0) {
            split.put("val", ids(train + test, train + test + validation));
        }
        split.put("test", ids(train, train + test));
        return split;
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Phantom::id).toList();
    }

    private static Map<String, String> inOrder(String key, String value, String key2, String value2) {
        var map = new LinkedHashMap<String, String>();
        map.put(key, value);
        map.put(key2, value2);
        return map;
    }

    /// The generator's numbers are whole, as a scanner's are.
    private static NumericArray shorts(Case c) {
        Geometry g = c.image().geometry();
        short[] values = new short[c.image().values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) c.image().values()[i];
        }
        return new NumericArray(List.of(g.z(), g.y(), g.x()), ElementType.INT16, MemorySegment.ofArray(values));
    }
}
