package org.segloss.run;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segloss.file.Csv;

/// What a training says of its steps: `training.csv` and `validation.csv`.
public final class StepTable {
    private StepTable() {}

    /// {@return `step, value` of each line whose value is finite}: a diverged training's last one is not
    ///
    /// @param column of the value
    /// @throws IOException if the file is no such table
    public static List<double[]> read(Path file, String column) throws IOException {
        var steps = new ArrayList<double[]>();
        try {
            List<NamedCsvRecord> lines = Csv.read(file);
            // a training that diverged may have ended before its first validation, but never before its first step
            if (lines.isEmpty() && !Files.readString(file).equals("step,dice\n")) {
                throw new IllegalArgumentException("it has no line of a step");
            }
            for (NamedCsvRecord line : lines) {
                double value = Double.parseDouble(line.getField(column));
                if (Double.isFinite(value)) {
                    steps.add(new double[] {Double.parseDouble(line.getField("step")), value});
                }
            }
        } catch (RuntimeException e) {
            throw new IOException(
                    "%s is not a table of steps: %s; run the comparison again, which trains anew where a file was changed"
                            .formatted(file, e.getMessage()),
                    e);
        }
        return steps;
    }
}
