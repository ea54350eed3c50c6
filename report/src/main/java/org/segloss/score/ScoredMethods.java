package org.segloss.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.segloss.run.Documents;

/// What `segloss score` scored, as `score.json` beside its results holds it: with the scores, all that its report is
/// made from.
///
/// @param segloss   the version that scored
/// @param command   the words of the command
/// @param reference the folder of the references
/// @param images    the folder of the images, if there is one
/// @param methods   in the order of the command
/// @param binary    whether any label counts as the one class
/// @param sameGrid  whether files of one shape are trusted to have the same voxels
/// @param ignored   labels of the references that say that nothing is known
/// @param policy    for empty masks, in words
/// @param limits    what is to be known before the numbers are believed, in sentences
/// @param remarks   what else there is to say, in sentences
public record ScoredMethods(
        String segloss,
        List<String> command,
        String reference,
        Optional<String> images,
        List<Source> methods,
        boolean binary,
        boolean sameGrid,
        SortedSet<Integer> ignored,
        String policy,
        List<String> limits,
        List<String> remarks) {
    public static final String FILE = "score.json";

    private static final String ANEW = "run 'segloss score' again, which writes it anew";

    /// Where a method's predictions are.
    ///
    /// @param method its name without the seed
    public record Source(String name, String method, long seed, String folder) {}

    public ScoredMethods {
        command = List.copyOf(command);
        methods = List.copyOf(methods);
        ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        limits = List.copyOf(limits);
        remarks = List.copyOf(remarks);
    }

    public static Path in(Path folder) {
        return folder.resolve(FILE);
    }

    /// Reads what [#write] wrote.
    public static ScoredMethods read(Path folder) throws IOException {
        return Documents.readJson(in(folder), ScoredMethods.class, ANEW);
    }

    public void write(Path folder) throws IOException {
        Documents.writeJson(in(folder), this);
    }
}
