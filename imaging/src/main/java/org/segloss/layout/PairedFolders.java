package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A folder of images and one of segmentations: `imagesTr` and `labelsTr`, `images` and `masks`, and what
/// else they are called. There may be one of each for training, validation and test: `images/train`,
/// `train/images` or `train_images`. Where there is a file for each class, they lie in a folder of the case,
/// as `masks/a/liver.png`, or of the class, as `masks/liver/a.png`. Where several raters have marked the same, each
/// has a folder with a number: `masks-1`, `masks-2`.
final class PairedFolders implements Layout {
    /// A folder of images, or one of segmentations.
    ///
    /// @param word that says which, as it stands there
    private record Place(Path folder, String word, Optional<Side> side) {
        boolean isRaters() {
            return Words.raters(Folder.name(folder)).isPresent();
        }
    }

    @Override
    public List<Found> find(Folder root, Conventions conventions) throws IOException {
        var images = new ArrayList<Place>();
        var labels = new ArrayList<Place>();
        for (Path folder : root.folders()) {
            String name = Folder.name(folder);
            Optional<Side> side = Side.of(name);
            if (side.isPresent()) {
                for (Path inner : Folder.list(folder).folders()) {
                    add(inner, Folder.name(inner), side, images, labels);
                }
            } else if (Words.isImageFolder(name) || Words.isLabelFolder(name)) {
                addSides(folder, name, images, labels);
            } else if (Words.raters(name).isPresent()) {
                add(folder, name, Optional.empty(), images, labels);
            } else {
                addNamed(folder, name, images, labels);
            }
        }
        var readings = new ArrayList<Found>();
        for (String image : words(images, Words.IMAGE_FOLDERS)) {
            for (String label : words(labels, Words.LABEL_FOLDERS)) {
                var parts = new ArrayList<Found>();
                for (Place here : images) {
                    List<Place> beside = labels.stream()
                            .filter(there ->
                                    here.word.equals(image) && there.word.equals(label) && here.side.equals(there.side))
                            .toList();
                    if (beside.size() > 1 && beside.stream().allMatch(Place::isRaters)) {
                        parts.add(ofRaters(here, beside, conventions));
                        continue;
                    }
                    for (Place there : beside) {
                        parts.add(pair(Folder.list(here.folder), Folder.list(there.folder), conventions, here.side));
                    }
                }
                if (!parts.isEmpty()) {
                    readings.add(Parts.joined(image + "+" + label, image + " and " + label, parts));
                }
            }
        }
        return readings;
    }

    /// `images/train`, or `images` itself.
    private static void addSides(Path folder, String word, List<Place> images, List<Place> labels) throws IOException {
        boolean sides = false;
        for (Path inner : Folder.list(folder).folders()) {
            Optional<Side> side = Side.of(Folder.name(inner));
            sides |= side.isPresent();
            if (side.isPresent()) {
                add(inner, word, side, images, labels);
            }
        }
        if (!sides) {
            add(folder, word, Optional.empty(), images, labels);
        }
    }

    /// `train_images`, or `images_train`.
    private static void addNamed(Path folder, String name, List<Place> images, List<Place> labels) {
        String[] parts = name.split("[-_. ]");
        if (parts.length == 2) {
            Side.of(parts[0]).ifPresent(side -> add(folder, parts[1], Optional.of(side), images, labels));
            Side.of(parts[1]).ifPresent(side -> add(folder, parts[0], Optional.of(side), images, labels));
        }
    }

    private static void add(Path folder, String word, Optional<Side> side, List<Place> images, List<Place> labels) {
        if (Words.isImageFolder(word)) {
            images.add(new Place(folder, word, side));
        } else if (Words.isLabelFolder(word)) {
            labels.add(new Place(folder, word, side));
        } else {
            Words.raters(word).ifPresent(rater -> labels.add(new Place(folder, rater, side)));
        }
    }

    /// {@return the words that occur, as they stand there, the usual ones first}
    private static List<String> words(List<Place> places, List<String> usual) {
        List<String> small =
                usual.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
        return places.stream()
                .map(Place::word)
                .distinct()
                .sorted(Comparator.comparingInt(word -> small.indexOf(word.toLowerCase(Locale.ROOT))))
                .toList();
    }

    /// {@return what lies in a folder of images and one of segmentations}
    static Found pair(Folder images, Folder labels, Conventions conventions, Optional<Side> side) throws IOException {
        var problems = new ArrayList<Problem>();
        List<Path> unread = new ArrayList<>(images.others());
        unread.addAll(labels.others());
        if (images.images().isEmpty() && !images.folders().isEmpty()) {
            return ofFolders(images, labels, side, problems, unread);
        }
        Matching matching =
                Matching.of(images.images(), segmentations(images.images(), labels, problems), conventions.suffixed());
        problems.addAll(matching.problems());
        List<String> numbers = matching.channels();
        List<String> channels = conventions.channels().size() == numbers.size() ? conventions.channels() : numbers;
        return Parts.of(numbers.size() > 1 ? channels : List.of(), matching.cases(side), unread, problems);
    }

    /// Each case has a mask by each rater.
    private static Found ofRaters(Place images, List<Place> raters, Conventions conventions) throws IOException {
        var cases = new TreeMap<String, FoundCase>();
        var problems = new ArrayList<Problem>();
        var unread = new ArrayList<Path>();
        List<String> channels = List.of();
        for (Place rater : raters) {
            Found found = pair(Folder.list(images.folder), Folder.list(rater.folder), conventions, images.side);
            channels = found.channels();
            unread.addAll(found.unread());
            problems.addAll(found.problems());
            var absent = new ArrayList<String>();
            for (FoundCase one : found.cases()) {
                if (one.labels().isEmpty()) {
                    absent.add(one.id());
                }
                List<LabelFile> own = one.labels().stream()
                        .map(label -> new LabelFile(label.file(), Optional.of(Folder.name(rater.folder)), true))
                        .toList();
                cases.merge(one.id(), new FoundCase(one.id(), one.images(), own, one.side()), PairedFolders::together);
            }
            if (!absent.isEmpty()) {
                problems.add(
                        Problem.error(
                                rater.folder,
                                "%s no mask here: %s"
                                        .formatted(
                                                absent.size() == 1 ? "1 image has" : absent.size() + " images have",
                                                Layouts.examples(absent)),
                                "Each rater's opinion on every image is needed: add what is missing, or take the images away."));
            }
        }
        return Parts.of(
                channels,
                List.copyOf(cases.values()),
                unread.stream().distinct().toList(),
                problems);
    }

    private static FoundCase together(FoundCase one, FoundCase other) {
        return new FoundCase(
                one.id(),
                one.images().isEmpty() ? other.images() : one.images(),
                Stream.concat(one.labels().stream(), other.labels().stream()).toList(),
                one.side());
    }

    /// Each image is a folder of its channels.
    private static Found ofFolders(
            Folder images, Folder labels, Optional<Side> side, List<Problem> problems, List<Path> unread)
            throws IOException {
        Map<String, List<LabelFile>> segmentations = segmentations(images.folders(), labels, problems);
        Map<String, CaseFolders.Channels> channels = new LinkedHashMap<>();
        for (Path folder : images.folders()) {
            Folder own = Folder.list(folder);
            unread.addAll(own.others());
            channels.put(Folder.name(folder), CaseFolders.Channels.of(Folder.name(folder), own.images()));
        }
        return CaseFolders.together(channels, segmentations, side, problems, unread);
    }

    /// {@return the segmentations by name}
    private static Map<String, List<LabelFile>> segmentations(List<Path> images, Folder labels, List<Problem> problems)
            throws IOException {
        if (!labels.images().isEmpty() || labels.folders().isEmpty()) {
            return Matching.whole(labels.images(), problems);
        }
        var folders = new ArrayList<Folder>();
        for (Path folder : labels.folders()) {
            folders.add(Folder.list(folder));
        }
        var ids = new LinkedHashSet<String>();
        images.forEach(image -> ids.add(Folder.stem(image)));
        boolean ofCases =
                folders.stream().map(folder -> Folder.name(folder.path())).anyMatch(ids::contains)
                        || ids.stream()
                                .anyMatch(id -> folders.stream()
                                        .anyMatch(folder -> id.startsWith(Folder.name(folder.path()) + "_")));
        var byName = new LinkedHashMap<String, List<LabelFile>>();
        for (Folder folder : folders) {
            String name = Folder.name(folder.path());
            for (Path file : folder.images()) {
                String stem = Folder.stem(file);
                byName.computeIfAbsent(ofCases ? name : stem, _ -> new ArrayList<>())
                        .add(new LabelFile(file, Optional.of(ofCases ? Parts.withoutId(name, stem) : name)));
            }
        }
        return byName;
    }

    /// {@return whether a file may be one of such a data set's, by its name in the set's folder}, with
    /// slashes
    static boolean mayHave(String name) {
        List<String> folders = Stream.of(name.split("/")).toList();
        return folders.size() > 1
                && folders.subList(0, folders.size() - 1).stream()
                        .anyMatch(folder -> Words.isImageFolder(folder)
                                || Words.isLabelFolder(folder)
                                || Words.raters(folder).isPresent());
    }
}
