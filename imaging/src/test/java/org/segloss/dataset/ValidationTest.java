package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.layout.Problem;

class ValidationTest {
    private static final Path REAL = Path.of("../../shared/data");

    @TempDir
    Path root;

    @BeforeEach
    void writeAGoodFolder() throws IOException {
        Folders.msd(root, 5, 3);
    }

    private Path image(String id) {
        return root.resolve("imagesTr").resolve(id + ".nii.gz");
    }

    private Path label(String id) {
        return root.resolve("labelsTr").resolve(id + ".nii.gz");
    }

    private void assertOnlyProblem(boolean error, Path file, String... words) {
        assertThat(Validation.validate(root)).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isEqualTo(error);
            assertThat(problem.file()).isEqualTo(file);
            assertThat(problem.toString()).contains(words);
        });
    }

    private static byte[] filled(int n, int label) {
        byte[] values = new byte[n];
        Arrays.fill(values, 0, n / 2, (byte) label);
        return values;
    }

    @Test
    void imagesThatLookLikeTomographyAndAreNotCalledSoAreNamedOnce() throws IOException {
        for (String id : List.of("a", "b", "c")) {
            Volume image = Folders.image(id.charAt(0) - 'a');
            image.values()[3] = -1024;
            Images.write(image(id), image);
        }
        String seen = "the numbers of 3 of 5 images begin at -900 or below, as those of computed tomography do";
        assertOnlyProblem(false, root, seen + ". If they", "write \"modality\": {\"0\": \"CT\"} into dataset.json");
        Files.writeString(root.resolve("dataset.json"), "{\"channel_names\": {\"0\": \"CT scan\"}}");
        assertOnlyProblem(
                false,
                root,
                seen + ", but their channel is called 'CT scan'",
                "write \"channel_names\": {\"0\": \"CT\"}");
        for (String name : List.of("CT", "ct", "MRI", "structural MR")) {
            Files.writeString(root.resolve("dataset.json"), "{\"modality\": {\"0\": \"%s\"}}".formatted(name));
            assertThat(Validation.validate(root)).as(name).isEmpty();
        }
    }

    @Test
    void aChannelOfTomographyThatIsNotThereIsAnError() throws IOException {
        Files.writeString(root.resolve("dataset.json"), "{\"modality\": {\"1\": \"CT\"}}");
        assertOnlyProblem(
                true,
                root.resolve("dataset.json"),
                "channel 1 is called CT. The images have 1, and the first is number 0.");
    }

    @Test
    void aGoodFolderHasNoProblems() throws IOException {
        assertThat(Validation.validate(root)).isEmpty();
        Folders.json(root, "{\"0\": \"background\", \"1\": \"x\", \"2\": \"y\"}");
        Files.writeString(root.resolve("split.json"), "{\"train\": [\"a\", \"b\"], \"test\": [\"c\"]}");
        assertThat(Validation.validate(root)).isEmpty();
    }

    @Test
    void anImageWithoutSegmentation() throws IOException {
        Files.delete(label("b"));
        assertOnlyProblem(true, image("b"), "no segmentation");
    }

    @Test
    void aSegmentationWithoutImage() throws IOException {
        Files.delete(image("b"));
        assertOnlyProblem(true, label("b"), "no image");
    }

    @Test
    void aTruncatedFile() throws IOException {
        byte[] bytes = Files.readAllBytes(image("c"));
        Files.write(image("c"), Arrays.copyOf(bytes, bytes.length / 2));
        assertOnlyProblem(true, image("c"), "breaks off");
    }

    @Test
    void anotherShape() throws IOException {
        Images.write(label("c"), new Labels(Geometry.scaled(3, 4, 2, 1, 1, 2.5), filled(24, 1)));
        assertOnlyProblem(true, label("c"), "3 x 4 x 2", "4 x 3 x 2");
    }

    @Test
    void anotherPlaceOrSpacing() throws IOException {
        Images.write(
                label("c"),
                new Labels(
                        Geometry.scaled(4, 3, 2, 1, 1, 2.6), Folders.label(2, 3).values()));
        assertOnlyProblem(
                true,
                label("c"),
                "the segmentation has the affine",
                "2.6",
                "its image",
                "2.5",
                "a fiftieth of a voxel");
    }

    @Test
    void numbersThatOverflowWhenScaled() throws IOException {
        changeHeader(image("d"), header -> header.putFloat(112, 3e38f).putFloat(116, 0));
        assertThat(Validation.validate(root)).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.file()).isEqualTo(image("d"));
            assertThat(problem.found()).contains("voxels are NaN or infinite, the first is voxel (x, y, z) = ");
        });
    }

    @Test
    void voxelsThatAreNoNumbers() throws IOException {
        float[] values = Folders.image(9).values();
        values[7] = Float.NaN;
        Images.write(image("d"), new Volume(Folders.GRID, 1, values));
        assertOnlyProblem(true, image("d"), "1 voxels are NaN", "(3, 1, 0)");
    }

    @Test
    void labelsThatAreNotDeclared() throws IOException {
        Folders.json(root, "{\"0\": \"background\", \"1\": \"x\", \"2\": \"y\"}");
        byte[] values = Folders.label(3, 3).values();
        values[0] = 7;
        Images.write(label("d"), new Labels(Folders.GRID, values));
        assertOnlyProblem(true, label("d"), "1 voxels have the label 7", "0 to 2");
    }

    @Test
    void aSegmentationWithScaledLabels() throws IOException {
        changeHeader(label("d"), header -> header.putFloat(112, 1).putFloat(116, 0));
        assertThat(Validation.validate(root)).isEmpty();
        changeHeader(label("d"), header -> header.putFloat(112, 0.5f).putFloat(116, 0));
        assertThat(Validation.validate(root)).anySatisfy(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.file()).isEqualTo(label("d"));
            assertThat(problem.found()).isEqualTo("the labels are scaled by 0.5 and shifted by 0");
        });
    }

    @Test
    void aHeaderWhosePixdimContradictsTheSform() throws IOException {
        changeHeader(
                image("d"),
                header -> header.putFloat(80, 0).putFloat(84, Float.NaN).putFloat(88, -2.5f));
        assertOnlyProblem(false, image("d"), "voxels are 0 x NaN x -2.5 mm wide by pixdim", "The sform is used");
    }

    private static void changeHeader(Path file, Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes;
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            bytes = in.readAllBytes();
        }
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes);
        }
    }

    @Test
    void labelsThatAreNoWholeNumbers() throws IOException {
        float[] values = new float[24];
        values[1] = 0.5f;
        Images.write(label("d"), new Volume(Folders.GRID, 1, values));
        assertOnlyProblem(true, label("d"), "0.5 at voxel (x, y, z) = (1, 0, 0)");
        values[1] = -1;
        Images.write(label("d"), new Volume(Folders.GRID, 1, values));
        assertThat(Validation.validate(root).toString())
                .contains(
                        "hold the values -1, 0, 1, 2. -1 may be a class, or mark voxels that don't count: say --ignore=-1");
    }

    @Test
    void aLabelThatNoFileHas() throws IOException {
        Folders.json(root, "{\"0\": \"background\", \"1\": \"x\", \"2\": \"y\", \"3\": \"z\"}");
        assertOnlyProblem(false, root, "no segmentation has the label 3 (z)");
    }

    @Test
    void anEmptySegmentation() throws IOException {
        Images.write(label("d"), new Labels(Folders.GRID, new byte[24]));
        assertOnlyProblem(false, label("d"), "empty");
    }

    @Test
    void aConstantImage() throws IOException {
        Images.write(image("d"), new Volume(Folders.GRID, 1, new float[24]));
        assertOnlyProblem(false, image("d"), "the same number");
    }

    @Test
    void copies() throws IOException {
        Files.copy(label("a"), label("b"), StandardCopyOption.REPLACE_EXISTING);
        assertOnlyProblem(false, label("a"), "the same, voxel for voxel, as b.nii.gz", "segmentation");
        Images.write(label("b"), Folders.label(1, 3));
        // the same voxels, packed in another way
        Images.write(root.resolve("imagesTr/a.nii"), Folders.image(1));
        Files.delete(image("a"));
        assertOnlyProblem(false, root.resolve("imagesTr/a.nii"), "the same, voxel for voxel, as b.nii.gz", "image");
    }

    @Test
    void aFileUnlikeTheOthers() throws IOException {
        Geometry large = Geometry.scaled(40, 30, 20, 1, 1, 25);
        float[] values = new float[24_000];
        values[0] = 3;
        Images.write(image("e"), new Volume(large, 1, values));
        Images.write(label("e"), new Labels(large, filled(24_000, 1)));
        List<Problem> problems = Validation.validate(root);
        assertThat(problems).hasSize(2).noneMatch(Problem::isError);
        assertThat(problems.get(0).file()).isEqualTo(image("e"));
        assertThat(problems.get(0).found())
                .contains("40 x 30 x 20 voxels (usual are 4 x 3 x 2 voxels)", "1 x 1 x 25 mm");
        assertThat(problems.get(1).file()).isEqualTo(label("e"));
        assertThat(problems.get(1).found()).contains("300000 mm³ of foreground", "[0, 1] (usual are [0, 1, 2])");
    }

    @Test
    void numbersOfAnotherRange() throws IOException {
        float[] values = Folders.image(3).values();
        values[0] = 1e6f;
        Images.write(image("d"), new Volume(Folders.GRID, 1, values));
        assertOnlyProblem(false, image("d"), "1 images span another range", "999998.5");
    }

    @Test
    void tomographyWithoutForegroundHasNoCommonScale() throws IOException {
        Files.writeString(
                root.resolve("dataset.json"),
                "{\"modality\": {\"0\": \"CT\"}, \"labels\": {\"0\": \"background\", \"1\": \"organ\"}}");
        for (String id : List.of("a", "b", "c", "d", "e")) {
            Images.write(label(id), new Labels(Folders.GRID, new byte[24]));
        }
        assertThat(Validation.validate(root).toString()).contains("get their common scale", "a scale of its own");
        byte[] one = new byte[24];
        one[5] = 1;
        Images.write(label("c"), new Labels(Folders.GRID, one));
        assertThat(Validation.validate(root).toString()).doesNotContain("common scale");
    }

    @Test
    void anImageStoredTheOtherWayRound() throws IOException {
        Geometry mirrored = new Geometry(4, 3, 2, new double[] {-1, 0, 0, 3, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        assertThat(mirrored.orientation()).isEqualTo("LAS");
        Images.write(image("d"), new Volume(mirrored, 1, Folders.image(3).values()));
        Images.write(label("d"), new Labels(mirrored, Folders.label(3, 3).values()));
        assertThat(Validation.validate(root)).as("volumes are turned").isEmpty();
        Geometry right = Geometry.identity(4, 3, 1);
        Geometry left = new Geometry(4, 3, 1, new double[] {-1, 0, 0, 3, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        for (String id : List.of("a", "b", "c", "d", "e")) {
            Geometry plane = id.equals("d") ? left : right;
            Images.write(
                    image(id),
                    new Volume(
                            plane,
                            1,
                            Arrays.copyOf(Folders.image(id.charAt(0) - 'a').values(), 12)));
            Images.write(
                    label(id),
                    new Labels(
                            plane,
                            Arrays.copyOf(Folders.label(id.charAt(0) - 'a', 3).values(), 12)));
        }
        assertOnlyProblem(false, image("d"), "1 of 5 images", "another orientation, here LAS (usual is RAS)");
    }

    @Test
    void namesThatDifferInCaseOnly() throws IOException {
        Images.write(image("A"), Folders.image(8));
        Images.write(label("A"), Folders.label(8, 3));
        assertOnlyProblem(false, root, "'A' and 'a'");
    }

    @Test
    void filesThatAreNoImages() throws IOException {
        Files.writeString(root.resolve("imagesTr/notes.txt"), "x");
        Files.writeString(root.resolve("imagesTr/.DS_Store"), "x");
        Files.writeString(root.resolve("imagesTr/._a.nii.gz"), "x");
        assertOnlyProblem(false, root.resolve("imagesTr"), "1 of the files", "notes.txt");
    }

    @Test
    void namesThatDifferOnlyInCaseOrAccents() throws IOException {
        Files.move(image("e"), image("B"));
        Files.move(label("e"), label("B"));
        assertOnlyProblem(false, root, "'B' and 'b' differ only in case", "rename one");
        // a letter with its accent, and a letter and an accent
        Files.move(image("B"), image("\u00fc"));
        Files.move(label("B"), label("\u00fc"));
        Files.move(image("b"), image("u\u0308"));
        Files.move(label("b"), label("u\u0308"));
        assertOnlyProblem(false, root, "differ only in case or accents");
    }

    @Test
    void aWrongSplit() throws IOException {
        Files.writeString(root.resolve("split.json"), "{\"train\": [\"a\", \"b\"], \"test\": [\"c\", \"a\"]}");
        assertOnlyProblem(true, root.resolve("split.json"), "'a' is in 'train' and again in 'test'");
        Files.writeString(root.resolve("split.json"), "{");
        assertOnlyProblem(true, root.resolve("split.json"), "no correct JSON");
    }

    @Test
    void aSubjectOnTwoSidesOfTheSplit() throws IOException {
        Files.writeString(root.resolve("cases.csv"), "case,group\na,p1\nb,p2\nc,p1\nd,p3\ne,p4\n");
        Files.writeString(root.resolve("split.json"), "{\"train\": [\"a\", \"b\"], \"test\": [\"c\"]}");
        assertOnlyProblem(true, root.resolve("split.json"), "subject 'p1' is in train (a) and test (c)");
    }

    @Test
    void aCaseWithoutAGroup() throws IOException {
        Files.writeString(root.resolve("cases.csv"), "case,group\na,p1\nb,p2\nd,p3\ne,p4\n");
        assertOnlyProblem(true, root.resolve("cases.csv"), "1 cases have no group: c");
    }

    @Test
    void aLabelThatIsMissingOnOneSideOfTheSplit() throws IOException {
        Images.write(label("c"), new Labels(Folders.GRID, filled(24, 2)));
        Files.writeString(root.resolve("split.json"), "{\"train\": [\"a\", \"b\"], \"test\": [\"c\"]}");
        assertOnlyProblem(false, root.resolve("split.json"), "no case in 'test' has the labels 1, which others have");
    }

    @Test
    void aWrongDatasetJson() throws IOException {
        Files.writeString(root.resolve("dataset.json"), "{\"labels\": {\"0\": \"background\"}}");
        assertOnlyProblem(true, root.resolve("dataset.json"), "the labels have the values [0]");
    }

    @Test
    void foldersThatAreNoDataSet(@TempDir Path empty) throws IOException {
        assertThat(Validation.validate(empty)).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.file()).isEqualTo(empty);
            assertThat(problem.found()).isEqualTo("this is no data set");
        });
        assertThat(Validation.validate(empty.resolve("none")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.found()).isEqualTo("there is no such folder"));
        assertThat(Validation.validate(Files.createFile(empty.resolve("file"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.found()).isEqualTo("this is a file"));
    }

    @Test
    void allProblemsAreNamedAtOnce() throws IOException {
        Files.delete(label("a"));
        Files.write(image("b"), new byte[10]);
        Images.write(label("c"), new Labels(Folders.GRID, new byte[24]));
        assertThat(Validation.validate(root))
                .extracting(Problem::file)
                .containsExactlyInAnyOrder(image("a"), image("b"), label("c"));
    }

    // the same faults as in the real folder, generated: an image without label, labels without image of which
    // one is a copy and one a foreign volume
    @Test
    void theFaultsOfTheBrokenHippocampusGenerated() throws IOException {
        Files.delete(label("a"));
        Files.delete(image("b"));
        Files.copy(label("c"), label("b"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(image("e"));
        Images.write(label("e"), new Labels(Geometry.scaled(40, 30, 20, 0.7, 0.7, 15), filled(24_000, 1)));
        assertThat(Validation.validate(root))
                .extracting(p -> (p.isError() ? "error " : "warning ") + root.relativize(p.file()))
                .containsExactlyInAnyOrder(
                        "error imagesTr/a.nii.gz",
                        "error labelsTr/b.nii.gz",
                        "error labelsTr/e.nii.gz",
                        "warning labelsTr/b.nii.gz",
                        "warning labelsTr/e.nii.gz");
    }

    @Test
    @EnabledIf(value = "realDataIsThere", disabledReason = "the real images in ../shared/data are missing")
    void theBrokenHippocampusHasTheseFaultsAndNoOther() {
        Path broken = REAL.resolve("hippocampus_broken");
        assertThat(Validation.validate(broken))
                .extracting(p -> (p.isError() ? "error " : "warning ") + broken.relativize(p.file()))
                .containsExactlyInAnyOrder(
                        "error imagesTr/hippocampus_118.nii.gz",
                        "error imagesTr/hippocampus_023.nii.gz",
                        "error labelsTr/hippocampus_010.nii.gz",
                        "error labelsTr/hippocampus_281.nii.gz",
                        "warning labelsTr/hippocampus_010.nii.gz",
                        "warning labelsTr/hippocampus_281.nii.gz");
    }

    @Test
    @EnabledIf(value = "realDataIsThere", disabledReason = "the real images in ../shared/data are missing")
    void realDataSetsHaveNoProblems() {
        assertThat(Validation.validate(REAL.resolve("Task04_Hippocampus"))).isEmpty();
        assertThat(Validation.validate(REAL.resolve("nuclei2d"))).isEmpty();
    }

    static boolean realDataIsThere() {
        return Files.isDirectory(REAL);
    }

    @Test
    void formatsMayBeMixedAndFilesOfVoxelsBelongToTheirHeaders(@TempDir Path mixed) throws IOException {
        for (int i = 0; i < 3; i++) {
            String id = "case_" + i;
            Images.write(mixed.resolve("images").resolve(id + ".mhd"), Folders.image(i));
            Images.write(mixed.resolve("masks").resolve(id + ".nii.gz"), Folders.label(i, 3));
        }
        assertThat(mixed.resolve("images/case_0.zraw")).exists();
        assertThat(Validation.validate(mixed)).isEmpty();
        Dataset dataset = Dataset.open(mixed);
        assertThat(Case.read(dataset, dataset.entry("case_1")).image().values())
                .isEqualTo(Folders.image(1).values());
        Files.delete(mixed.resolve("images/case_0.zraw"));
        assertThat(Validation.validate(mixed)).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(mixed.resolve("images/case_0.mhd"));
            assertThat(problem.found()).contains("case_0.zraw");
        });
    }
}
