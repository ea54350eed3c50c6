package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;

/// Real series and what was made on them, in folders whose names say nothing.
class HospitalTest {
    @TempDir
    private Path root;

    /// @param from a file or a folder of the shared data
    private void copy(String from, String to) throws IOException {
        Path source =
                SharedData.FOLDER.resolve(SharedData.expected(from).get("path").asString());
        Path target = root.resolve(to);
        Files.createDirectories(target.getParent());
        if (!Files.isDirectory(source)) {
            Files.copy(source, target);
            return;
        }
        Files.createDirectories(target);
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                // names without an ending, as scanners give them
                Files.copy(file, target.resolve(file.getFileName().toString().replace(".dcm", "")));
            }
        }
    }

    @Test
    void segmentationsAreFoundByTheSeriesThatTheyName() throws IOException {
        copy("series", "A1/S0001/IMGS");
        copy("seg", "A1/S0002/I1");
        copy("small", "B7/x");
        copy("seg_fractional", "B7/x/SEG");
        copy("implicit", "C9/x");
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.summary()).startsWith("2 cases, 1 channel, 1 label: Tumour");
        assertThat(dataset.summary()).endsWith("found as series with segmentations that name them");
        assertThat(dataset.ids()).containsExactly("A1", "B7");
        Case first = Case.read(dataset, dataset.entry("A1"));
        assertThat(first.label().histogram()[1])
                .isEqualTo(SharedData.expected("seg")
                        .get("masks")
                        .get("Tumour")
                        .get("voxels")
                        .asInt());
        assertThat(first.image().geometry().shapeText()).isEqualTo("224 x 224 x 40");
        assertThat(Case.read(dataset, dataset.entry("B7")).label().histogram()[1])
                .isPositive();
    }

    @Test
    void twoSegmentationsOfOneSeriesAreNamed() throws IOException {
        copy("series", "A1/IMGS");
        copy("seg", "A1/s");
        copy("rtstruct", "A1/r");
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("2 segmentations were made on one series")
                .satisfies(e -> assertThat(e.getMessage()).contains(List.of("s", "r")));
    }

    /// Copies are told apart by where they lie.
    @Test
    void aSegmentationBelongsToTheNearestCopy() throws IOException {
        copy("small", "A1/x");
        copy("small", "B1/x");
        copy("seg_fractional", "B1/y");
        assertThat(Dataset.open(root).ids()).containsExactly("B1");
    }
}
