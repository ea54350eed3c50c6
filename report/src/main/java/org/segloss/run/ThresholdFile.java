package org.segloss.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segloss.decide.Thresholds;
import org.segloss.file.Sha256;

/// The thresholds of a network, in `thresholds.json` beside its checkpoint.
///
/// @param checkpoint SHA-256 of the network's file
/// @param cases      how many validation cases chose them
/// @param thresholds of each class but the background
public record ThresholdFile(String checkpoint, int cases, List<Double> thresholds) {
    private static final String NAME = "thresholds.json";
    private static final String ANEW =
            "delete it, and run 'segloss compare --decide threshold' again, which writes it anew";

    public ThresholdFile {
        thresholds = List.copyOf(thresholds);
        if (cases < 1) {
            throw new IllegalArgumentException("%d cases chose thresholds".formatted(cases));
        }
    }

    /// {@return where the thresholds of a checkpoint lie}
    public static Path of(Path checkpoint) {
        return checkpoint.resolveSibling(NAME);
    }

    /// Writes them beside a checkpoint.
    public static void write(Path checkpoint, int cases, Thresholds thresholds) throws IOException {
        Documents.writeJson(of(checkpoint), new ThresholdFile(Sha256.of(checkpoint), cases, thresholds.values()));
    }

    /// {@return the thresholds beside a checkpoint}
    ///
    /// @throws IOException if there are none, or they are another network's; says what to do
    public static Thresholds read(Path checkpoint) throws IOException {
        Path file = of(checkpoint);
        if (!Files.exists(file)) {
            throw new IOException(
                    "%s has no %s beside it, which holds the thresholds that validation cases chose; 'segloss compare --decide threshold' writes it"
                            .formatted(checkpoint, NAME));
        }
        ThresholdFile found = Documents.readJson(file, ThresholdFile.class, ANEW);
        if (!found.checkpoint.equals(Sha256.of(checkpoint))) {
            throw new IOException("%s holds the thresholds of another network than %s; %s"
                    .formatted(file, checkpoint.getFileName(), ANEW));
        }
        try {
            return new Thresholds(found.thresholds);
        } catch (IllegalArgumentException e) {
            throw new IOException(Documents.unreadable(file, e.getMessage(), ANEW), e);
        }
    }

    /// {@return the mean of the thresholds beside checkpoints}, for the mean of their networks' probabilities
    ///
    /// @throws IOException as [#read]
    public static Thresholds mean(List<Path> checkpoints) throws IOException {
        var all = new ArrayList<Thresholds>();
        for (Path checkpoint : checkpoints) {
            all.add(read(checkpoint));
        }
        return Thresholds.mean(all);
    }
}
