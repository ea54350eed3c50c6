package org.segloss.layout;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What people call images and segmentations in the names of folders and files.
final class Words {
    /// Folders of images, those first that the decathlon has.
    static final List<String> IMAGE_FOLDERS =
            List.of("imagesTr", "images", "image", "imgs", "img", "scans", "volumes", "inputs", "input");

    static final List<String> LABEL_FOLDERS = List.of(
            "labelsTr",
            "masks",
            "labels",
            "mask",
            "label",
            "segmentations",
            "segmentation",
            "segs",
            "seg",
            "annotations",
            "targets",
            "ground_truth",
            "groundtruth",
            "gt");

    private static final String LABELS =
            "masks?|segs?|segmentations?|dseg|labels?|gt|ground_?truth|annotations?|targets?|roi";
    private static final String IMAGES = "images?|imgs?|im|scan|volume|vol";

    private static final Pattern LABEL = affix(LABELS);
    private static final Pattern IMAGE = affix(IMAGES);
    private static final Pattern LABEL_TOKEN = Pattern.compile("(?i)(?:" + LABELS + ")");

    /// A number of a channel as nnU-Net writes it.
    static final Pattern CHANNEL = Pattern.compile("(.+)_(\\d{4})");

    private static final Pattern RATER = Pattern.compile(
            "(?i)(?<word>%s|rater|annotator|expert|observer|reader)(?:[-_. ]?(?:rater|annotator|expert|observer|reader))?[-_. ]?\\d{1,2}"
                    .formatted(String.join("|", LABEL_FOLDERS)));

    private static final Set<String> BRATS =
            Set.of("t1", "t1c", "t1ce", "t1gd", "t1n", "t1w", "t2", "t2f", "t2w", "flair", "adc", "dwi", "pd");

    private Words() {}

    private static Pattern affix(String words) {
        return Pattern.compile("(?i)(?:(?:%s)[-_. ](?<end>.+)|(?<start>.+?)[-_. ](?:%s))".formatted(words, words));
    }

    /// {@return a name without the word for segmentations at its beginning or end}, the name itself if it has
    /// none
    static String withoutLabelWord(String stem) {
        return without(LABEL, stem);
    }

    /// As [#withoutLabelWord], of images.
    static String withoutImageWord(String stem) {
        return without(IMAGE, stem);
    }

    private static String without(Pattern affix, String stem) {
        Matcher found = affix.matcher(stem);
        if (!found.matches()) {
            return stem;
        }
        return found.group("end") != null ? found.group("end") : found.group("start");
    }

    /// {@return whether a name, or a part of it between marks, is a word for segmentations}
    static boolean saysLabel(String name) {
        for (String part : name.split("[-_. ]+")) {
            if (LABEL_TOKEN.matcher(part).matches()) {
                return true;
            }
        }
        return false;
    }

    static boolean isLabelFolder(String name) {
        return LABEL_FOLDERS.stream().anyMatch(name::equalsIgnoreCase);
    }

    /// {@return the word for segmentations in the name of a folder that one of several raters filled}, such
    /// as `masks` in `masks-2`, or `rater` in `rater2`
    static Optional<String> raters(String name) {
        Matcher found = RATER.matcher(name);
        return found.matches() && found.group("word") != null ? Optional.of(found.group("word")) : Optional.empty();
    }

    static boolean isImageFolder(String name) {
        return IMAGE_FOLDERS.stream().anyMatch(name::equalsIgnoreCase);
    }

    /// {@return whether all names are those of MR sequences}
    static boolean areSequences(List<String> channels) {
        return !channels.isEmpty() && channels.stream().allMatch(name -> BRATS.contains(name.toLowerCase(Locale.ROOT)));
    }
}
