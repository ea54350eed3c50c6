package org.segloss.fit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.file.GrowingFile;

/// A CSV file that gets a line now and then while a training runs, each with its step first.
final class StepTable implements AutoCloseable {
    private final GrowingFile file;
    private final List<String> kept;

    private StepTable(GrowingFile file, List<String> kept) {
        this.file = file;
        this.kept = kept;
    }

    /// Opens a table and leaves its first `most` lines in it; the others are of steps that are done anew.
    ///
    /// @param missing how many of these lines may be missing
    /// @return nothing if the file has fewer; 0 lines are in any
    static Optional<StepTable> open(Path file, String header, int most, int missing) throws IOException {
        var kept = new ArrayList<String>();
        if (most > 0) {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            String content = Files.readString(file);
            // the last line is whole if something comes after its end: at least the empty text
            List<String> found = Arrays.asList(content.split("\n", -1));
            int whole = found.size() - 2;
            if (whole < most - missing || !found.getFirst().equals(header)) {
                return Optional.empty();
            }
            kept.addAll(found.subList(1, Math.min(whole, most) + 1));
        }
        byte[] head = (header + "\n").getBytes(StandardCharsets.UTF_8);
        long length = head.length;
        for (String line : kept) {
            length += line.getBytes(StandardCharsets.UTF_8).length + 1L;
        }
        GrowingFile growing = GrowingFile.open(file, kept.isEmpty() ? 0 : length);
        if (kept.isEmpty()) {
            growing.append(head);
        }
        return Optional.of(new StepTable(growing, kept));
    }

    /// {@return a column of the lines that were left in it}
    List<Double> kept(int column) {
        return kept.stream()
                .map(line -> Double.valueOf(line.split(",")[column]))
                .toList();
    }

    /// {@return how many lines were left in it}
    int lines() {
        return kept.size();
    }

    void add(int step, double... values) throws IOException {
        String line =
                Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(",", step + ",", "\n"));
        file.append(line.getBytes(StandardCharsets.UTF_8));
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
