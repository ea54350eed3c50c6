package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.format.Formats;

/// The ways in which a data set's files may be arranged, and the one of a folder, found by the names
/// themselves.
public final class Layouts {
    /// In the order in which they are tried; those that follow are asked where none before has a case.
    private static final List<Layout> ALL =
            List.of(new PairedFolders(), new SeriesFolders(), new Bids(), new CaseFolders(), new SideBySide());

    /// Names of files beside a data set's folders are not worth more lines.
    private static final int EXAMPLES = 3;

    private Layouts() {}

    /// {@return the cases of a folder}
    ///
    /// @param suffixed whether images are said to end with the number of their channel
    /// @param channels what these are said to be called, in their order; empty if nothing is said
    /// @param named    which of several readings is taken
    /// @throws IOException if the folder is no data set, or can be read in two ways; says what to do
    public static Found find(Path root, boolean suffixed, List<String> channels, Optional<String> named)
            throws IOException {
        Folder folder = Folder.list(root);
        var conventions = new Layout.Conventions(suffixed, channels);
        var empty = new ArrayList<Found>();
        for (Layout layout : ALL) {
            var readings = new ArrayList<Found>();
            for (Found found : layout.find(folder, conventions)) {
                (found.complete() > 0 ? readings : empty).add(found);
            }
            if (named.isPresent()) {
                readings.removeIf(found -> !found.name().equals(named.get()));
            }
            if (!readings.isEmpty()) {
                return one(root, readings);
            }
        }
        if (named.isPresent()) {
            throw new IOException(
                    "%s: it can't be read as '%s'. Leave --layout out to see how it can.".formatted(root, named.get()));
        }
        return empty.stream()
                .max(Comparator.comparingInt(found -> found.cases().size()))
                .map(Layouts::checked)
                .orElseThrow(() -> none(root));
    }

    private static Found one(Path root, List<Found> readings) throws IOException {
        if (readings.size() == 1 || readings.getFirst().name().equals("imagesTr+labelsTr")) {
            return checked(readings.getFirst());
        }
        throw new IOException(
                "%s: it can be read in %d ways: %s. Say which one is meant with --layout, for example --layout %s."
                        .formatted(
                                root,
                                readings.size(),
                                readings.stream()
                                        .map(found -> "%s from %s (--layout %s)"
                                                .formatted(
                                                        count(Math.toIntExact(found.complete()), "case"),
                                                        found.words(),
                                                        found.name()))
                                        .collect(Collectors.joining(", or ")),
                                readings.getFirst().name()));
    }

    private static IOException none(Path root) {
        return new IOException(root + ": this is no data set. Expected are the folders imagesTr and labelsTr (with a"
                + " dataset.json), or images and masks, with files of the same names; or a folder for each case with its"
                + " images and a segmentation whose name says so, as x-seg.nii.gz; or both in one folder, as a.png and"
                + " a_mask.png.");
    }

    /// A case that lacks a channel.
    private static Found checked(Found found) {
        int channels = Math.max(1, found.channels().size());
        List<FoundCase> lacking = found.cases().stream()
                .filter(one -> !one.images().isEmpty() && one.images().size() != channels)
                .toList();
        if (lacking.isEmpty()) {
            return found;
        }
        var problems = new ArrayList<>(found.problems());
        problems.add(Problem.error(
                lacking.getFirst().images().getFirst().getParent(),
                "%s not have the %d channels %s: %s"
                        .formatted(
                                lacking.size() == 1 ? "1 case does" : lacking.size() + " cases do",
                                channels,
                                String.join(", ", found.channels()),
                                examples(lacking.stream().map(FoundCase::id).toList())),
                "Every case needs a file for each: add what is missing, or take the cases away."));
        return new Found(found.name(), found.words(), found.channels(), found.cases(), found.unread(), problems);
    }

    /// {@return the first of many names, and how many more there are}
    public static String examples(List<String> names) {
        return names.size() <= EXAMPLES + 1
                ? String.join(", ", names)
                : "%s and %d more".formatted(String.join(", ", names.subList(0, EXAMPLES)), names.size() - EXAMPLES);
    }

    /// {@return a name without the word for segmentations at its beginning or end}, such as `_mask`; the name
    /// itself if it has none
    public static String withoutLabelWord(String name) {
        return Words.withoutLabelWord(name);
    }

    /// {@return a number of things, such as `1 case` or `2 cases`}
    public static String count(int number, String thing) {
        return "%d %s%s".formatted(number, thing, number == 1 ? "" : "s");
    }

    /// {@return whether a file may be one of a data set's, by its name in the set's folder}, with slashes
    public static boolean mayHave(String name) {
        return !name.contains("/")
                || PairedFolders.mayHave(name)
                || Formats.IMAGES.include(Path.of(name)) && !name.matches("(imagesTs|labelsTs)/.*");
    }
}
