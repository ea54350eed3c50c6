package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import tools.jackson.databind.JsonNode;

/// A real tumour in a CT, stored as DICOM, NIfTI and NRRD: one volume, one mask, one score.
class SameTumourTest {
    private static final Path DICOM = Path.of("../../shared/data/dicom");
    private static final Path CT = Path.of("../../shared/data/ct");

    @TempDir
    Path folder;

    @BeforeEach
    void isThere() {
        assumeTrue(Files.exists(DICOM), () -> "../shared/data/dicom is missing");
    }

    @Test
    void theVolumeIsTheSameInEveryFormat() throws IOException {
        Volume series = Images.read(DICOM.resolve("series"));
        for (Path file : List.of(DICOM.resolve("volume.nii.gz"), CT.resolve("lung2.nrrd"))) {
            Volume other = Images.read(file);
            assertThat(other.geometry().sameGrid(series.geometry()))
                    .as(file.toString())
                    .isTrue();
            assertThat(other.values()).as(file.toString()).isEqualTo(series.values());
        }
    }

    /// Of a prediction that is the tumour two columns aside. The outlines run between voxels; of those that run
    /// through centres `SharedLabelsTest` says what differs.
    @Test
    void theScoresAreTheSameInEveryFormat() throws IOException {
        Labels tumour = Images.readLabels(DICOM.resolve("volume_label.nii.gz"));
        byte[] moved = new byte[tumour.values().length];
        System.arraycopy(tumour.values(), 0, moved, 2, moved.length - 2);
        Path prediction = folder.resolve("prediction.dcm");
        Images.writeLike(DICOM.resolve("series"), prediction, new Labels(tumour.geometry(), moved));
        Path nifti = folder.resolve("prediction.nii.gz");
        Images.write(nifti, new Labels(tumour.geometry(), moved));
        JsonNode expected = scores(nifti, DICOM.resolve("volume_label.nii.gz"));
        for (Path reference :
                List.of(DICOM.resolve("seg.dcm"), DICOM.resolve("rtstruct.dcm"), CT.resolve("lung2_label.nrrd"))) {
            areTheSame(scores(nifti, reference), expected, reference);
        }
        areTheSame(scores(prediction, DICOM.resolve("volume_label.nii.gz")), expected, prediction);
        areTheSame(scores(prediction, DICOM.resolve("seg.dcm")), expected, prediction);
    }

    /// Headers of DICOM and NRRD have seven digits of the spacing, those of NIfTI the nearest float.
    private static void areTheSame(JsonNode scores, JsonNode expected, Path file) {
        assertThat(scores.path("dice").asDouble(Double.NaN))
                .as(file.toString())
                .isEqualTo(expected.path("dice").asDouble(0));
        for (String metric : List.of("assd", "hd95")) {
            assertThat(scores.path(metric).asDouble(Double.NaN))
                    .as(file.toString())
                    .isCloseTo(expected.path(metric).asDouble(0), withinPercentage(1e-5));
        }
    }

    private static JsonNode scores(Path prediction, Path reference) {
        Call call = segloss(
                "evaluate",
                "--prediction",
                prediction,
                "--reference",
                reference,
                "--labels",
                "1",
                "--metrics",
                "dice,assd,hd95",
                "--json");
        assertThat(call.status()).as(call.err()).isZero();
        return call.json().at("/scores/0");
    }
}
