package org.segloss.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.format.Scan;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;

/// The classes of a data set: what they are called, and by which numbers its segmentations mark them.
///
/// A network knows classes from 0 on without a gap, and in memory a voxel of class k has the label k. Files have
/// whatever numbers people gave them: 0, 1, 2 and 4, an atlas's 2003, -1 where nothing is known.
///
/// @param names   of the classes, the background first
/// @param numbers of each class in the files, at least one; each number is that of one class
/// @param ignored numbers of voxels that don't count, none of them a class's
/// @param regions what is learned instead of the classes, if each voxel may be of several: sets of classes
/// @param marking how files say what a voxel is
public record ClassLabels(
        List<String> names, List<List<Integer>> numbers, List<Integer> ignored, List<Region> regions, Marking marking) {
    /// What voxels that don't count are called, as nnU-Net does.
    static final String IGNORE = "ignore";

    /// So many classes may overlap: each set of them is one byte, and one is left for what doesn't count.
    public static final int MOST_OVERLAPPING = 7;

    /// What a voxel is of that at least half of several raters mark.
    public static final String MAJORITY = "majority";

    /// So many numbers above 0 stand for probabilities.
    static final int PROBABILITY_STEPS = 240;

    public ClassLabels {
        names = List.copyOf(names);
        numbers = numbers.stream().map(own -> own.stream().sorted().toList()).toList();
        ignored = ignored.stream().sorted().distinct().toList();
        if (names.size() != numbers.size()) {
            throw new IllegalArgumentException(
                    "%d classes have names, and %d have numbers".formatted(names.size(), numbers.size()));
        }
        regions = List.copyOf(regions);
        if (regions.isEmpty() != (marking == Marking.CLASSES)) {
            throw new IllegalArgumentException("there are %d regions, but voxels are marked by %s"
                    .formatted(regions.size(), marking.name().toLowerCase(Locale.ROOT)));
        }
        for (Region region : regions) {
            if (region.labels().last() >= names.size() || region.paints() < 0 || region.paints() >= names.size()) {
                throw new IllegalArgumentException(
                        "the region '%s' has the labels %s and paints %d, but there are 0 to %d"
                                .formatted(region.name(), region.labels(), region.paints(), names.size() - 1));
            }
        }
        if (regions.stream().map(Region::name).distinct().count() < regions.size()) {
            throw new IllegalArgumentException("two regions have one name");
        }
        if (names.size() < 2 || names.size() > Labels.LARGEST) {
            throw new IllegalArgumentException("there are from 2 to %d classes with the background, not %d"
                    .formatted(Labels.LARGEST, names.size()));
        }
        if (!numbers.getFirst().contains(0)) {
            throw new IllegalArgumentException(
                    "the background has the numbers %s, but should have 0".formatted(text(numbers.getFirst())));
        }
        var seen = new TreeSet<>(ignored);
        for (int label = 0; label < names.size(); label++) {
            if (numbers.get(label).isEmpty()) {
                throw new IllegalArgumentException("the class '%s' has no number".formatted(names.get(label)));
            }
            for (int number : numbers.get(label)) {
                if (!seen.add(number)) {
                    throw new IllegalArgumentException(
                            "the number %s of the class '%s' is that of another one, or ignored"
                                    .formatted(LabelMap.text(number), names.get(label)));
                }
            }
        }
    }

    /// Classes, or regions of them, that files mark by numbers.
    public ClassLabels(List<String> names, List<List<Integer>> numbers, List<Integer> ignored, List<Region> regions) {
        this(names, numbers, ignored, regions, regions.isEmpty() ? Marking.CLASSES : Marking.REGIONS);
    }

    /// Classes of which a voxel has one.
    public ClassLabels(List<String> names, List<List<Integer>> numbers, List<Integer> ignored) {
        this(names, numbers, ignored, List.of());
    }

    /// Classes of which a voxel may have several, each with files of its own. The label of a voxel is the sum of
    /// `2^k` over its classes k from 0 on.
    ///
    /// @throws IllegalArgumentException if they are more than [#MOST_OVERLAPPING]
    public static ClassLabels overlapping(List<String> classes) {
        return ofFiles(classes, Marking.OVERLAPPING);
    }

    /// The opinions of several raters on where one class is. The label of a voxel is the sum of `2^k` over
    /// the raters k from 0 on that mark it.
    ///
    /// @throws IllegalArgumentException if they are more than [#MOST_OVERLAPPING]
    public static ClassLabels ofRaters(List<String> raters) {
        return ofFiles(raters, Marking.RATERS);
    }

    private static ClassLabels ofFiles(List<String> files, Marking marking) {
        if (files.size() > MOST_OVERLAPPING) {
            throw new IllegalArgumentException("at most %d %s, and there are %d"
                    .formatted(
                            MOST_OVERLAPPING,
                            marking == Marking.RATERS ? "raters' masks can be learned" : "classes can overlap",
                            files.size()));
        }
        int labels = 1 << files.size();
        return new ClassLabels(
                IntStream.range(0, labels)
                        .mapToObj(label -> label == 0
                                ? "background"
                                : IntStream.range(0, files.size())
                                        .filter(k -> (label >> k & 1) == 1)
                                        .mapToObj(files::get)
                                        .collect(Collectors.joining(" + ")))
                        .toList(),
                IntStream.range(0, labels).mapToObj(List::of).toList(),
                List.of(),
                IntStream.range(0, files.size())
                        .mapToObj(k -> new Region(files.get(k), labels(labels, label -> (label >> k & 1) == 1), 0))
                        .toList(),
                marking);
    }

    /// The one class of segmentations that hold its probability. The label of a voxel is that in steps of
    /// 1/240, which the shares of two to six raters, and of eight, hit.
    public static ClassLabels ofProbabilities() {
        return new ClassLabels(
                IntStream.rangeClosed(0, PROBABILITY_STEPS)
                        .mapToObj(label -> label == 0 ? "background" : label + "/" + PROBABILITY_STEPS)
                        .toList(),
                IntStream.rangeClosed(0, PROBABILITY_STEPS).mapToObj(List::of).toList(),
                List.of(),
                List.of(new Region(
                        "foreground",
                        labels(PROBABILITY_STEPS + 1, label -> 2 * label >= PROBABILITY_STEPS),
                        PROBABILITY_STEPS)),
                Marking.PROBABILITIES);
    }

    private static SortedSet<Integer> labels(int all, IntPredicate some) {
        return IntStream.range(1, all).filter(some).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    /// {@return the classes, or the raters, that have files of their own, where they do}
    List<String> structures() {
        return marking.isSumOfFiles() ? regions.stream().map(Region::name).toList() : names.subList(1, names.size());
    }

    /// {@return these classes, of which a voxel has one}
    public ClassLabels exclusive() {
        return new ClassLabels(names, numbers, ignored);
    }

    /// {@return these classes, each a region of its own}
    public ClassLabels eachByItself() {
        return new ClassLabels(
                names,
                numbers,
                ignored,
                IntStream.range(1, names.size())
                        .mapToObj(label -> new Region(names.get(label), new TreeSet<>(List.of(label)), label))
                        .toList());
    }

    /// {@return how many channels a network has that learns the regions}: raters look for one thing
    public int channels() {
        return marking == Marking.RATERS ? 1 : regions.size();
    }

    /// {@return what a channel is to say of a voxel, for each label from 0 to 255}: 1 in a region, 0 outside;
    /// of raters the share that marks it, of probabilities these
    public float[] target(int channel) {
        var target = new float[Labels.LARGEST + 1];
        for (int label = 0; label < names.size(); label++) {
            target[label] = switch (marking) {
                case RATERS -> Integer.bitCount(label) / (float) regions.size();
                case PROBABILITIES -> label / (float) PROBABILITY_STEPS;
                default -> regions.get(channel).labels().contains(label) ? 1 : 0;
            };
        }
        return target;
    }

    /// {@return for each label from 0 to 255 whether its voxels belong to a channel's region}: of raters,
    /// where at least half of them say so
    public boolean[] membership(int channel) {
        float[] target = target(channel);
        var members = new boolean[target.length];
        for (int label = 0; label < members.length; label++) {
            members[label] = target[label] >= 0.5f;
        }
        return members;
    }

    /// {@return the regions that predictions are compared with}: of raters each one's own, and that of at
    /// least half of them
    public List<Region> scored() {
        if (marking != Marking.RATERS) {
            return regions;
        }
        var scored = new ArrayList<>(regions);
        scored.add(new Region(
                MAJORITY, labels(names.size(), label -> 2 * Integer.bitCount(label) >= regions.size()), 0));
        return List.copyOf(scored);
    }

    /// {@return the labels of voxels that belong to regions}: each region in turn paints its own, so that the
    /// last one
    /// stays, as nnU-Net's `regions_class_order` says
    ///
    /// @param sets the voxels of each region
    public byte[] painted(List<BitSet> sets, int voxels) {
        byte[] labels = new byte[voxels];
        for (int region = 0; region < sets.size(); region++) {
            // of raters, what all mark
            int paints = marking == Marking.RATERS
                    ? names.size() - 1
                    : regions.get(region).paints();
            int bit = 1 << region;
            sets.get(region).stream().forEach(i -> labels[i] = (byte) (paints > 0 ? paints : labels[i] | bit));
        }
        return labels;
    }

    /// Classes that files mark by 0, 1, 2 and so on.
    public static ClassLabels of(List<String> names) {
        return of(names, List.of());
    }

    /// As [#of(List)], with numbers that don't count.
    public static ClassLabels of(List<String> names, Collection<Integer> ignored) {
        return new ClassLabels(
                names, IntStream.range(0, names.size()).mapToObj(List::of).toList(), List.copyOf(ignored));
    }

    /// {@return these classes, where more numbers don't count}
    ///
    /// @throws IllegalArgumentException if one of them is a class's
    public ClassLabels ignoring(Collection<Integer> more) {
        var all = new TreeSet<>(ignored);
        all.addAll(more);
        return new ClassLabels(names, numbers, List.copyOf(all), regions, marking);
    }

    /// {@return whether files mark the classes by 0, 1, 2 and so on}
    public boolean arePlain() {
        return IntStream.range(0, names.size())
                .allMatch(label -> numbers.get(label).equals(List.of(label)));
    }

    /// {@return the labels that voxels have in memory that don't count}: their numbers, or 255 where one of
    /// these is a
    /// class's label or no label at all
    public SortedSet<Integer> ignoredLabels() {
        boolean fit = ignored.stream().allMatch(number -> number >= names.size() && number <= Labels.LARGEST);
        return Collections.unmodifiableSortedSet(
                new TreeSet<>(fit || ignored.isEmpty() ? ignored : List.of(Labels.LARGEST)));
    }

    /// {@return the numbers of all classes}
    public SortedSet<Integer> known() {
        return numbers.stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    /// {@return [#known] as people write it}: `0 to 3`, or `0, 1, 2, 4`
    String knownText() {
        SortedSet<Integer> known = known();
        if (known.last() - known.first() == known.size() - 1) {
            return "%d to %d".formatted(known.first(), known.last());
        }
        return known.size() == 2
                ? "%s and %s".formatted(LabelMap.text(known.first()), LabelMap.text(known.last()))
                : text(known);
    }

    /// {@return whether a file that holds 0 and 255 alone is a mask, in which 255 is the one class}
    boolean haveMask() {
        return names.size() == 2 && !known().contains(Labels.LARGEST) && !ignored.contains(Labels.LARGEST);
    }

    /// {@return a segmentation as a network learns it}: class k is k, and what doesn't count the largest of
    /// [#ignoredLabels]
    ///
    /// @param scan without [findings][Scan#numberFindings]
    /// @throws IllegalArgumentException if a voxel has a number that is no class's, and isn't ignored
    public Labels labels(Scan scan) {
        LabelMap map = scan.labelMap(haveMask() ? ignored : List.of(Labels.LARGEST));
        if (haveMask() && !known().contains(1) && LabelCounts.of(scan, ignored).isMask()) {
            // in this file 255 is what others mark by another number
            return scan.maskLabels(ignored);
        }
        return labels(map);
    }

    private Labels labels(LabelMap map) {
        Map<Integer, Byte> becomes = new HashMap<>();
        for (int label = 0; label < numbers.size(); label++) {
            for (int number : numbers.get(label)) {
                becomes.put(number, (byte) label);
            }
        }
        ignored.forEach(number -> becomes.put(number, ignoredLabels().last().byteValue()));
        byte[] labels = new byte[map.values().length];
        int last = 0;
        byte label = labelOf(becomes, last);
        for (int i = 0; i < labels.length; i++) {
            int number = map.values()[i];
            if (number != last) {
                label = labelOf(becomes, number);
                last = number;
            }
            labels[i] = label;
        }
        return new Labels(map.geometry(), labels);
    }

    private static byte labelOf(Map<Integer, Byte> becomes, int number) {
        Byte label = becomes.get(number);
        if (label == null) {
            throw new IllegalArgumentException("no class has the number %s".formatted(LabelMap.text(number)));
        }
        return label;
    }

    /// {@return whether predictions can have the numbers that the data set's files have}: each is one byte.
    /// Otherwise
    /// they have 0, 1, 2 and so on
    public boolean fitBytes() {
        return numbers.stream().allMatch(own -> own.getFirst() >= 0 && own.getFirst() <= Labels.LARGEST);
    }

    /// {@return a segmentation with the numbers that files have}, of several of a class the smallest, where they
    /// [fit][#fitBytes]; itself where they don't
    public Labels inFiles(Labels labels) {
        if (arePlain() || !fitBytes()) {
            return labels;
        }
        byte[] becomes = identity();
        for (int label = 0; label < names.size(); label++) {
            becomes[label] = numbers.get(label).getFirst().byteValue();
        }
        return labels.mapped(becomes);
    }

    /// {@return what the classes are called, by the numbers that [#inFiles] gives them}; nothing where a number
    /// stands for several
    ///
    /// @param binary whether 1 stands for any class
    public SortedMap<Integer, String> namesInFiles(boolean binary) {
        var called = new TreeMap<Integer, String>();
        if (binary) {
            called.put(1, names.size() == 2 ? names.getLast() : "foreground");
        } else if (marking == Marking.CLASSES || marking == Marking.REGIONS) {
            for (int label = 1; label < names.size(); label++) {
                called.put(fitBytes() ? numbers.get(label).getFirst() : label, names.get(label));
            }
        }
        return called;
    }

    /// {@return what [#inFiles(Labels)] wrote, with the numbers that files have}: itself where they
    /// [fit][#fitBytes]; numbers that are no class's stay
    public LabelMap inFiles(LabelMap written) {
        if (arePlain() || fitBytes()) {
            return written;
        }
        int[] values = written.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] > 0 && values[i] < names.size()
                    ? numbers.get(values[i]).getFirst()
                    : values[i];
        }
        return new LabelMap(written.geometry(), values);
    }

    /// {@return what [#inFiles(Labels)] was made from}; numbers that are no class's stay
    public Labels inMemory(Labels stored) {
        if (arePlain() || !fitBytes()) {
            return stored;
        }
        byte[] becomes = identity();
        for (int label = 0; label < names.size(); label++) {
            for (int number : numbers.get(label)) {
                if (number >= 0 && number <= Labels.LARGEST) {
                    becomes[number] = (byte) label;
                }
            }
        }
        return stored.mapped(becomes);
    }

    private static byte[] identity() {
        byte[] becomes = new byte[Labels.LARGEST + 1];
        for (int label = 0; label < becomes.length; label++) {
            becomes[label] = (byte) label;
        }
        return becomes;
    }

    /// Reads what classes whoever uses a data set names: `1=necrosis, 2+4=edema`. The background is 0, and
    /// what is named
    /// so besides; what is named `ignore` doesn't count.
    ///
    /// @throws IllegalArgumentException that quotes what is wrong
    public static ClassLabels parse(String text) {
        var names = new ArrayList<>(List.of("background"));
        var numbers = new ArrayList<List<Integer>>(List.of(new ArrayList<>(List.of(0))));
        var ignored = new ArrayList<Integer>();
        for (String part : text.split(",")) {
            String[] sides = part.split("=", 2);
            if (sides.length < 2 || sides[1].isBlank()) {
                throw new IllegalArgumentException(
                        "'%s' in '%s' is no class: write numbers and a name, such as \"1=necrosis, 2+4=edema\""
                                .formatted(part.strip(), text));
            }
            String name = sides[1].strip();
            if (name.chars().anyMatch(Character::isISOControl) || names.lastIndexOf(name) > 0) {
                throw new IllegalArgumentException(
                        "'%s' in '%s' has control characters, or is there twice".formatted(name.strip(), text));
            }
            List<Integer> own = Arrays.stream(sides[0].split("\\+"))
                    .map(number -> number(number.strip(), text))
                    .toList();
            if (name.equals("background")) {
                numbers.getFirst()
                        .addAll(own.stream().filter(number -> number != 0).toList());
            } else if (name.equals(IGNORE)) {
                ignored.addAll(own);
            } else {
                names.add(name);
                numbers.add(own);
            }
        }
        return new ClassLabels(names, numbers, ignored);
    }

    private static int number(String text, String all) {
        if (text.matches("#[0-9a-fA-F]{6}")) {
            return LabelMap.colour(Integer.parseInt(text.substring(1), 16));
        }
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "'%s' in '%s' is no label: write a whole number, or a colour such as #ff8000".formatted(text, all));
        }
        return Integer.parseInt(text);
    }

    /// {@return numbers as they are listed in a sentence}
    public static String text(Collection<Integer> numbers) {
        return numbers.stream().map(LabelMap::text).collect(Collectors.joining(", "));
    }
}
