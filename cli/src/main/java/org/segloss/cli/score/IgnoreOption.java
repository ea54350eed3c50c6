package org.segloss.cli.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Which labels of a reference say that nothing is known of a voxel.
public final class IgnoreOption {
    @Option(
            names = "--ignore",
            paramLabel = "LIST",
            arity = "1",
            converter = Parser.class,
            description =
                    "Labels of the references between commas, such as 255 or 254,255, that say that nothing is known. Those voxels are in no loss and in no metric, whatever is predicted there, and make no border.")
    private List<LabelList> given = List.of();

    public SortedSet<Integer> labels() {
        var labels = new TreeSet<Integer>();
        given.forEach(list -> labels.addAll(list.labels));
        return Collections.unmodifiableSortedSet(labels);
    }

    /// An array, unlike a file of labels, may have any whole number, such as PyTorch's -100; whether a number
    /// is a label of what is read is known where that is read.
    private record LabelList(List<Integer> labels) {}

    private static final class Parser implements ITypeConverter<LabelList> {
        @Override
        public LabelList convert(String text) {
            var labels = new ArrayList<Integer>();
            for (String part : text.split(",", -1)) {
                if (!part.strip().matches("-?\\d{1,9}")) {
                    throw new TypeConversionException(
                            "'%s' in '%s' is no label; write whole numbers, for example 254,255"
                                    .formatted(part.strip(), text));
                }
                labels.add(Integer.parseInt(part.strip()));
            }
            return new LabelList(labels);
        }
    }
}
