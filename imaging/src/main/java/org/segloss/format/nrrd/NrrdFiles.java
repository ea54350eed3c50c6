package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.segloss.file.Printable;
import org.segloss.format.Finding;
import org.segloss.format.VoxelFile;

/// The files beside a header that its voxels lie in: one, those of a list, or those that a pattern counts.
///
/// @param names one after the other, each with an equal part of the voxels
record NrrdFiles(List<String> names) {
    /// More slices than an image has along an axis that people look through.
    private static final int MOST = 1 << 16;

    private static final Pattern COUNTED =
            Pattern.compile("([^%]*%(?:0?[1-9])?[di][^%]*?)\\s+(-?\\d{1,9})\\s+(-?\\d{1,9})\\s+(-?\\d{1,9})(\\s+\\d)?");

    /// {@return what a header says; nothing where the voxels follow it, or where an error was found}
    static Optional<NrrdFiles> of(NrrdText text, List<Finding> findings) {
        if (!text.has("data file")) {
            return Optional.empty();
        }
        String field = text.field("data file");
        List<String> said = text.isList() ? text.files() : field.contains("%") ? counted(field) : List.of(field);
        List<String> names = said.stream()
                .map(name -> name.startsWith("./") ? name.substring(2) : name)
                .toList();
        if (names.isEmpty() || names.size() > MOST) {
            findings.add(error(
                    "the voxels are to be in the files %s (data file)".formatted(text.quoted("data file")),
                    "It names a file, or is LIST with a line for each file, or a pattern with its first and last number"
                            + " and the step, for at most %d files.".formatted(MOST)));
            return Optional.empty();
        }
        Optional<String> elsewhere =
                names.stream().filter(name -> !VoxelFile.isPlain(name)).findFirst();
        elsewhere.ifPresent(name -> findings.add(error(
                "the voxels are to be in the file '%s'".formatted(Printable.quote(name)),
                "It has to lie in the header's folder, and its name has to be given without one.")));
        return elsewhere.isPresent() ? Optional.empty() : Optional.of(new NrrdFiles(names));
    }

    /// {@return the names that come of a pattern such as `slice%03d.raw 1 40 1`}; none if it is no such pattern
    private static List<String> counted(String field) {
        Matcher pattern = COUNTED.matcher(field);
        if (!pattern.matches()) {
            return List.of();
        }
        long first = Long.parseLong(pattern.group(2));
        long last = Long.parseLong(pattern.group(3));
        long step = Long.parseLong(pattern.group(4));
        if (step == 0 || (last - first) / step < 0 || (last - first) / step >= MOST) {
            return List.of();
        }
        String name = pattern.group(1).replaceFirst("(%(?:0?[1-9])?)i", "$1d");
        return LongStream.rangeClosed(0, (last - first) / step)
                .mapToObj(i -> String.format(Locale.ROOT, name, first + i * step))
                .toList();
    }

    /// {@return whether a header can say that its voxels are in a file of this name}
    static boolean canName(String name) {
        return VoxelFile.isPlain(name) && !name.startsWith("LIST") && !name.contains("%") && name.equals(name.strip());
    }

    /// {@return the files beside a header}
    List<Path> beside(Path header) {
        return names.stream().map(header::resolveSibling).toList();
    }
}
