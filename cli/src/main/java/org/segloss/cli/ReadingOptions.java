package org.segloss.cli;

import java.util.Optional;
import java.util.SortedSet;
import org.segloss.dataset.ClassLabels;
import org.segloss.dataset.Marking;
import org.segloss.dataset.Reading;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What a folder's files mean, where they don't say it themselves.
final class ReadingOptions {
    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description =
                    "Where a folder can be read in several ways, which of them is meant, for example images+masks. Without it a message says which there are.")
    private Optional<String> layout;

    @Option(
            names = "--map-labels",
            paramLabel = "CLASSES",
            converter = Parser.class,
            description =
                    "What the numbers in the segmentations mean, such as \"1=necrosis, 2+4=edema\": classes in the order in which they are learned. A colour is written #ff8000. What is named background is learned as 0 is, what is named ignore not at all. Default: as dataset.json says, or each number that occurs.")
    private Optional<ClassLabels> classes;

    @Option(
            names = "--overlap",
            description =
                    "Where each class has files of its own: a voxel may be of several classes. Then each class is learned by itself, as a multilabel task.")
    private boolean overlap;

    @Option(
            names = "--soft",
            description =
                    "The masks hold probabilities, from 0 to 1, or from 0 to 255 in bytes. They are learned as they are; predictions are scored against where they are at least a half.")
    private boolean soft;

    /// {@return what is said}
    ///
    /// @param ignored labels that don't count
    Reading with(SortedSet<Integer> ignored) {
        if (overlap && soft) {
            throw new IllegalArgumentException(
                    "--overlap is for masks of several classes, --soft for the probabilities of one: give one of them");
        }
        return new Reading(
                layout,
                classes,
                ignored,
                overlap ? Marking.OVERLAPPING : soft ? Marking.PROBABILITIES : Marking.CLASSES);
    }

    private static final class Parser implements ITypeConverter<ClassLabels> {
        @Override
        public ClassLabels convert(String text) {
            try {
                return ClassLabels.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
