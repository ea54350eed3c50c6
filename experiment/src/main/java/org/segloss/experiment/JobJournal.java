package org.segloss.experiment;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segloss.format.Formats;

/// How far a job is that another program does, by what that leaves in the job's folder.
final class JobJournal {
    private static final Pattern STEP = Pattern.compile("\\n(\\d+),([^,\\n]+),[^,\\n]+\\n");
    /// More than two lines of a table have.
    private static final int TAIL = 256;

    private final Executor.Order order;
    private int step;
    private int predicted;

    JobJournal(Executor.Order order) {
        this.order = order;
    }

    /// Tells the job's listener what is new.
    void tell() throws IOException {
        Optional<MatchResult> last =
                STEP.matcher(tail(order.folder().training())).results().reduce((_, later) -> later);
        if (last.isPresent() && Integer.parseInt(last.get().group(1)) != step) {
            step = Integer.parseInt(last.get().group(1));
            order.listener()
                    .step(
                            step,
                            order.job().plan().steps(),
                            Double.parseDouble(last.get().group(2)));
        }
        int predictions = predictions();
        if (predictions > 0 && predicted == 0) {
            order.listener().trained();
        }
        if (predictions > predicted) {
            int all = order.job().split().test().size();
            order.listener().predicts(Math.min(predictions + 1, all), all);
        }
        predicted = predictions;
    }

    private int predictions() throws IOException {
        Path folder = order.folder().predictions();
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.filter(Formats.IMAGES::include).count();
        }
    }

    /// The end of a file that grows; nothing if it isn't there.
    private static String tail(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (var open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(Math.max(0, open.length() - TAIL));
            byte[] bytes = new byte[TAIL];
            int length = Math.max(0, open.read(bytes));
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
