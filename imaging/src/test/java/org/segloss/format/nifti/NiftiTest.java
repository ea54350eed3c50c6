package org.segloss.format.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.file.AtomicFile;
import org.segloss.format.Finding;
import org.segloss.format.ImageInfo;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.format.Scan;
import org.segloss.format.Severity;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

class NiftiTest {
    // NiBabel 5.4.2: get_fdata() and affine of the files that make-nifti.py wrote
    private static final JsonNode NIBABEL = Resources.json("nifti.json");

    @TempDir
    Path folder;

    static Stream<String> names() {
        return NIBABEL.propertyNames().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void numbersShapeAndAffineAreThoseThatNiBabelReads(String name) throws IOException {
        Scan scan = Images.inspect(Resources.file(name)).orThrow();
        double[] shape = Resources.numbers(NIBABEL.path(name).path("shape"));
        Geometry g = scan.geometry();
        assertThat(List.of(g.x(), g.y(), g.z()))
                .isEqualTo(List.of((int) shape[0], (int) shape[1], shape.length > 2 ? (int) shape[2] : 1));
        assertThat(scan.channels()).isEqualTo(shape.length > 3 ? (int) shape[shape.length - 1] : 1);
        double[] expected = Resources.numbers(NIBABEL.path(name).path("values"));
        double[] values = scan.values().toDoubles();
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            // scaled numbers of small types become floats: one rounding
            double ulp = scan.values().type() == ElementType.FLOAT32 ? Math.ulp((float) expected[i]) : 0;
            assertThat(values[i]).as("number %d", i).isCloseTo(expected[i], within(ulp));
        }
        // the same double arithmetic on the header's floats, in another order
        assertThat(g.affine())
                .containsExactly(Resources.numbers(NIBABEL.path(name).path("affine")), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("names")
    void volumesAreTheSameNumbersRoundedToFloat(String name) throws IOException {
        double[] expected = Resources.numbers(NIBABEL.path(name).path("values"));
        float[] values = Images.read(Resources.file(name)).values();
        assertThat(values).hasSize(expected.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("number %d", i).isCloseTo((float) expected[i], within(Math.ulp((float)
                    expected[i])));
        }
    }

    @Test
    void onlyTheOddFilesAreWarnedOf() {
        for (String name : (Iterable<String>) names()::iterator) {
            List<Finding> findings = Images.inspect(Resources.file(name)).findings();
            if (name.equals("both-forms.nii")) {
                assertThat(findings).singleElement().satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.found())
                            .contains("sform")
                            .contains("qform")
                            .endsWith("differ");
                });
            } else if (name.equals("negative-widths.nii")) {
                assertThat(findings).singleElement().satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.toString()).contains("-0.8", "1.5", "-2.25", "NiBabel", "ITK");
                });
            } else {
                assertThat(findings).as(name).isEmpty();
            }
        }
    }

    @Test
    void wholeNumbersInFloatsAreLabels() throws IOException {
        Labels labels = Images.readLabels(Resources.file("label-float.nii"));
        double[] expected = Resources.numbers(NIBABEL.path("label-float.nii").path("values"));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) labels.values()[i]).isEqualTo(expected[i]);
        }
    }

    @Test
    void aFractionIsNoLabelAndItsPlaceIsNamed() throws IOException {
        float[] values = new float[2 * 3 * 4];
        values[2 + 0 * 2 + 1 * 6 - 1] = 0.5f; // (1, 0, 1)
        values[23] = 256;
        Path file = folder.resolve("label.nii");
        Images.write(file, new Volume(Geometry.identity(2, 3, 4), 1, values));
        assertThatIOException()
                .isThrownBy(() -> Images.readLabels(file))
                .withMessage(file + ": 2 of 24 voxels hold no label, the first is 0.5 at voxel (x, y, z) = (1, 0, 1)."
                        + " Labels are whole numbers from 0 to 255.");
    }

    @Test
    void aMaskOf255IsReadAs1() throws IOException {
        Path file = folder.resolve("mask.nii.gz");
        Geometry g = Geometry.identity(4, 1, 1);
        Images.write(file, new Labels(g, new byte[] {0, (byte) 255, 0, (byte) 255}));
        assertThat(Images.readLabels(file).values()).containsExactly(0, 1, 0, 1);
        Images.write(file, new Labels(g, new byte[] {0, (byte) 255, 1, (byte) 255}));
        assertThat(Images.readLabels(file).values()).containsExactly(0, 255, 1, 255);
    }

    static Stream<double[]> affines() {
        CounterRandom random = CounterRandom.of(1, "affines");
        return Stream.concat(
                Stream.of(
                        Geometry.scaled(1, 1, 1, -0.5, 1, 2).affine(),
                        new double[] {0, 0, 3, 5, -1, 0, 0, 6, 0, 2, 0, 7, 0, 0, 0, 1}),
                Stream.generate(() -> rotated(random)).limit(50));
    }

    /// A rotation made by the formula for quaternions, with any spacing and either handedness.
    private static double[] rotated(CounterRandom random) {
        double[] spacing = {random.nextDouble(0.3, 5), random.nextDouble(0.3, 5), random.nextDouble(0.3, 5)};
        spacing[2] *= random.nextInt(2) == 0 ? 1 : -1;
        double[] offset = {random.nextDouble(-90, 90), random.nextDouble(-90, 90), random.nextDouble(-90, 90)};
        double[] q = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
        double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        return NiftiAffine.ofQuaternion(q[1] / norm, q[2] / norm, q[3] / norm, spacing, offset);
    }

    @ParameterizedTest
    @MethodSource("affines")
    void whatIsWrittenIsReadBackWithBothFormsOfTheAffineEqual(double[] affine) throws IOException {
        for (int i = 0; i < 16; i++) {
            affine[i] = (float) affine[i];
        }
        Geometry g = new Geometry(3, 2, 4, affine);
        float[] values = new float[2 * 24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 1.7f - 3;
        }
        Path file = folder.resolve("image.nii.gz");
        Images.write(file, new Volume(g, 2, values));
        ReadResult inspection = Images.inspect(file);
        // a conflict of sform and qform would be a warning
        assertThat(inspection.findings()).isEmpty();
        assertThat(inspection.orThrow().geometry()).isEqualTo(g);
        assertThat(inspection.orThrow().volume().values()).isEqualTo(values);
        byte[] header = unpacked(file);
        assertThat(header[252]).as("qform_code").isEqualTo((byte) 2);
        // and the quaternion alone gives the same affine, to the rounding of floats at 100 mm
        header[254] = 0;
        Files.write(folder.resolve("qform.nii"), header);
        assertThat(Images.read(folder.resolve("qform.nii")).geometry().affine())
                .containsExactly(g.affine(), within(1e-5));
    }

    private static byte[] unpacked(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    @Test
    void aShearedAffineIsKeptInTheSformAlone() throws IOException {
        Geometry g = new Geometry(2, 2, 2, new double[] {1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        Path file = folder.resolve("sheared.nii");
        Images.write(file, new Labels(g, new byte[8]));
        assertThat(Files.readAllBytes(file)[252]).as("qform_code").isZero();
        assertThat(Images.readLabels(file).geometry()).isEqualTo(g);
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).contains("not at right angles"));
    }

    @Test
    void smallVoxelsAreNoReasonToRefuseAnAffine() throws IOException {
        Path file = folder.resolve("small.nii");
        float edge = 1e-5f;
        Geometry g = Geometry.scaled(2, 2, 2, edge, edge, edge);
        Images.write(file, new Labels(g, new byte[8]));
        assertThat(Images.readLabels(file).geometry()).isEqualTo(g);
    }

    @Test
    void largeVoxelsDoNotHideAxesInAPlane() throws IOException {
        Path file = folder.resolve("flat.nii");
        double[] affine = {1000, 1000, 0, 0, 0, 1e-5f, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
        Images.write(file, new Labels(new Geometry(2, 2, 2, affine), new byte[8]));
        assertThatIOException().isThrownBy(() -> Images.readLabels(file)).withMessageContaining("singular");
    }

    @Test
    void infoReadsNoVoxels() throws IOException {
        Path whole = Resources.file("channels.nii");
        Path head = folder.resolve("head.nii");
        byte[] bytes = Files.readAllBytes(whole);
        // the file is as long as promised, but its voxels are not there yet
        Files.write(head, Arrays.copyOf(Arrays.copyOf(bytes, 352), bytes.length));
        ImageInfo info = Images.info(head);
        assertThat(info.channels()).isEqualTo(4);
        assertThat(info.geometry()).isEqualTo(Images.read(whole).geometry());
    }

    @Test
    void sameImageSameBytes() throws IOException {
        var labels = new Labels(Geometry.identity(3, 3, 3), new byte[27]);
        Images.write(folder.resolve("a.nii.gz"), labels);
        Images.write(folder.resolve("b.nii.gz"), labels);
        assertThat(folder.resolve("a.nii.gz")).hasSameBinaryContentAs(folder.resolve("b.nii.gz"));
    }

    @Test
    void numbersThatDoNotFillTheGridAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Images.write(
                        folder.resolve("a.nii"),
                        Geometry.identity(2, 3, 4),
                        NumericArray.of(new float[24], List.of(2, 3, 4))))
                .withMessage("numbers of shape [2, 3, 4] do not fill a grid of 2 x 3 x 4 voxels");
    }

    @Test
    void filesAreReadableForWhomOtherFilesAre() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path plain = Files.createFile(folder.resolve("plain"));
        Images.write(folder.resolve("a.nii"), new Labels(Geometry.identity(1, 1, 1), new byte[1]));
        assertThat(Files.getPosixFilePermissions(folder.resolve("a.nii")))
                .isEqualTo(Files.getPosixFilePermissions(plain));
    }

    @Test
    void scaledLabelsAreWarnedOf() {
        Path file = Resources.file("scaled-u1-big.nii");
        assertThat(Images.inspect(file).findings()).isEmpty();
        assertThat(Images.inspectLabels(file).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.found()).isEqualTo("the labels are scaled by 3 and shifted by 0.5");
        });
    }

    @Test
    void aFailedWriteNamesTheFileAndIsNoFaultOfAnInput() {
        Path file = folder.resolve("a.nii");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> AtomicFile.write(file, _ -> {
                    throw new IOException("No space left on device");
                }))
                .withMessage(file + ": it cannot be written: No space left on device");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.nii");
        Files.writeString(file, "old");
        assertThatIOException()
                .isThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }));
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
