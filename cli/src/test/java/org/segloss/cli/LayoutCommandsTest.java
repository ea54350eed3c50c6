package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.score.ScoreRow;

/// Data sets as people arrange them: looked at, learned, predicted and scored without a word on how they are
/// arranged.
class LayoutCommandsTest {
    private static final int CASES = 4;

    @TempDir
    Path root;

    /// Writes the files of one case.
    private interface Writer {
        void write(Path folder, String id, int number) throws IOException;
    }

    private static Geometry grid(boolean flat) {
        return Geometry.scaled(8, 8, flat ? 1 : 8, 1, 1, 1.5);
    }

    /// A bright cube on dark ground, in another channel the other way round; whole numbers, which pictures hold.
    private static void image(Path file, boolean flat, int number, int channel) throws IOException {
        Geometry grid = grid(flat);
        float[] values = new float[Math.toIntExact(grid.voxels())];
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (label(i, flat, number) > 0 == (channel == 0) ? 100 : 0) + i * 37 % 11;
            pixels[i] = (byte) values[i];
        }
        Files.createDirectories(file.getParent());
        if (flat) {
            Images.write(file, new Labels(grid, pixels));
        } else {
            Images.write(file, new Volume(grid, 1, values));
        }
    }

    private static int label(int voxel, boolean flat, int number) {
        int x = voxel % 8;
        int y = voxel / 8 % 8;
        int z = flat ? 3 : voxel / 64;
        boolean inside = x >= number && x < number + 3 && y >= 2 && y < 6 && z >= 2 && z < 6;
        return inside ? y < 4 ? 1 : 2 : 0;
    }

    /// @param becomes what is written for the labels 0, 1 and 2
    private static void labels(Path file, boolean flat, int number, int... becomes) throws IOException {
        Geometry grid = grid(flat);
        byte[] values = new byte[Math.toIntExact(grid.voxels())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) becomes[label(i, flat, number)];
        }
        Files.createDirectories(file.getParent());
        Images.write(file, new Labels(grid, values));
    }

    private Path write(String name, Writer writer) throws IOException {
        Path folder = root.resolve(name);
        for (int number = 1; number <= CASES; number++) {
            writer.write(folder, "p0%d".formatted(number), number);
        }
        return folder;
    }

    /// @param images    that are predicted, in the folder
    /// @param reference that they are scored against, in the folder
    /// @param summary   what was understood
    private void check(Path folder, String images, String reference, String summary) {
        Path trained = folder.resolveSibling(folder.getFileName() + "-trained");
        Path out = folder.resolveSibling(folder.getFileName() + "-predicted");
        Call valid = segloss("validate", folder);
        assertThat(valid.status()).as(valid.out() + valid.err()).isZero();
        boolean split = Files.isDirectory(folder.resolve("train")) || Files.isDirectory(folder.resolve("images/train"));
        Call train = split
                ? segloss("train", "--data", folder, "--loss", "dice", "--steps", 2, "--out", trained)
                : segloss("train", "--data", folder, "--loss", "dice", "--steps", 2, "--test", 1, "--out", trained);
        assertThat(train.status()).as(train.err()).isZero();
        assertThat(train.err()).contains(summary);
        Call predict = segloss(
                "predict",
                "--checkpoint",
                trained.resolve("checkpoint.safetensors"),
                "--image",
                folder.resolve(images),
                "--out",
                out);
        assertThat(predict.status()).as(predict.err()).isZero();
        Call evaluate = segloss(
                "evaluate",
                "--prediction",
                out,
                "--reference",
                folder.resolve(reference),
                "--missing",
                "skip",
                "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        assertThat(evaluate.json().path("scores")).isNotEmpty();
        assertThat(evaluate.json().at("/scores/0/case").asString("")).startsWith("p0");
    }

    @Test
    void nnunet() throws IOException {
        Path folder = write("nnunet", (path, id, number) -> {
            image(path.resolve("imagesTr/%s_0000.nii.gz".formatted(id)), false, number, 0);
            image(path.resolve("imagesTr/%s_0001.nii.gz".formatted(id)), false, number, 1);
            labels(path.resolve("labelsTr/%s.nii.gz".formatted(id)), false, number, 0, 1, 2);
        });
        Files.writeString(folder.resolve("dataset.json"), """
                {"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "front": 1, "back": 2},
                 "numTraining": 4, "file_ending": ".nii.gz"}
                """);
        check(
                folder,
                "imagesTr",
                "labelsTr",
                "4 cases, 2 channels (T1, T2), 2 labels: front, back, spacing 1 x 1 x 1.5 mm, found as imagesTr and labelsTr");
    }

    @Test
    void bratsFolders() throws IOException {
        Path folder = write("brats", (path, id, number) -> {
            image(path.resolve("%s/%s-t1c.nii.gz".formatted(id, id)), false, number, 0);
            image(path.resolve("%s/%s-t2f.nii.gz".formatted(id, id)), false, number, 1);
            labels(path.resolve("%s/%s-seg.nii.gz".formatted(id, id)), false, number, 0, 1, 2);
        });
        check(
                folder,
                "",
                "",
                "4 cases, 2 channels (t1c, t2f), 2 labels: label 1, label 2, spacing 1 x 1 x 1.5 mm, found as BraTS folders");
    }

    @Test
    void totalSegmentatorFolders() throws IOException {
        Path folder = write("total", (path, id, number) -> {
            image(path.resolve(id + "/ct.nii.gz"), false, number, 0);
            labels(path.resolve(id + "/segmentations/liver.nii.gz"), false, number, 0, 1, 0);
            labels(path.resolve(id + "/segmentations/spleen.nii.gz"), false, number, 0, 0, 1);
        });
        check(folder, "", "", "2 labels: liver, spleen, spacing 1 x 1 x 1.5 mm, found as TotalSegmentator folders");
    }

    @Test
    void bids() throws IOException {
        Path folder = write("bids", (path, id, number) -> {
            image(path.resolve("sub-%s/anat/sub-%s_T1w.nii.gz".formatted(id, id)), false, number, 0);
            labels(
                    path.resolve("derivatives/labels/sub-%s/anat/sub-%s_label-lesion_mask.nii.gz".formatted(id, id)),
                    false,
                    number,
                    0,
                    1,
                    1);
        });
        Call valid = segloss("validate", folder);
        assertThat(valid.status()).as(valid.out()).isZero();
    }

    @Test
    void picturesWithMasksOfOtherNames() throws IOException {
        Path folder = write("kaggle", (path, id, number) -> {
            image(path.resolve("images/%s.png".formatted(id)), true, number, 0);
            labels(path.resolve("masks/%s_mask.png".formatted(id)), true, number, 0, 255, 255);
        });
        check(
                folder,
                "images",
                "masks",
                "4 cases, 1 channel, 1 label: foreground, 8 x 8 pixels, found as images and masks");
    }

    @Test
    void picturesAndMasksInOneFolder() throws IOException {
        Path folder = write("together", (path, id, number) -> {
            image(path.resolve("%s.png".formatted(id)), true, number, 0);
            labels(path.resolve("%s_mask.png".formatted(id)), true, number, 0, 255, 255);
        });
        check(folder, "", "", "found as images and segmentations in one folder");
    }

    @Test
    void theFoldersOfASplit() throws IOException {
        Path folder = write("sides", (path, id, number) -> {
            String side = number <= 2 ? "train" : number == 3 ? "val" : "test";
            image(path.resolve("images/%s/%s.png".formatted(side, id)), true, number, 0);
            labels(path.resolve("masks/%s/%s.png".formatted(side, id)), true, number, 0, 255, 255);
        });
        check(folder, "images/test", "masks/test", "found as images and masks");
    }

    @Test
    void aMaskForEachClass() throws IOException {
        Path folder = write("classes", (path, id, number) -> {
            image(path.resolve("images/%s.png".formatted(id)), true, number, 0);
            labels(path.resolve("masks/%s/cell.png".formatted(id)), true, number, 0, 255, 0);
            labels(path.resolve("masks/%s/wall.png".formatted(id)), true, number, 0, 0, 255);
        });
        check(folder, "images", "masks", "2 labels: cell, wall, 8 x 8 pixels");
    }

    /// Old editions of BraTS: nothing is 3.
    @Test
    void numbersWithGaps() throws IOException {
        Path folder = write("gaps", (path, id, number) -> {
            image(path.resolve("imagesTr/%s.nii.gz".formatted(id)), false, number, 0);
            labels(path.resolve("labelsTr/%s.nii.gz".formatted(id)), false, number, 0, 2, 4);
        });
        check(folder, "imagesTr", "labelsTr", "2 labels: label 2, label 4");
        SortedSet<Integer> predicted =
                Images.readLabelMap(root.resolve("gaps-predicted/p01.nii.gz")).labels();
        assertThat(Set.of(2, 4)).containsAll(predicted);
        Path run = root.resolve("run");
        Call compare = segloss(
                "compare",
                "--data",
                folder,
                "--map-labels",
                "4=core, 2=edema",
                "--losses",
                "ce,dice",
                "--test",
                1,
                "--steps",
                2,
                "--out",
                run);
        assertThat(compare.status()).as(compare.err()).isZero();
        assertThat(compare.err()).contains("2 labels: core, edema");
        assertThat(run.resolve("experiment.yaml")).content().contains("core", "edema");
        // the first class is core, which files call 4
        Path predictions = run.resolve("ce/fold-0/seed-1/predictions");
        assertThat(predictions.resolve("task.json")).content().containsIgnoringWhitespaces("[[0],[4],[2]]");
        String id;
        try (var files = Files.list(predictions)) {
            id = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("p0"))
                    .findFirst()
                    .orElseThrow()
                    .substring(0, 3);
        }
        Call evaluate = segloss(
                "evaluate",
                "--prediction",
                predictions,
                "--reference",
                folder.resolve("labelsTr"),
                "--missing",
                "skip",
                "--metrics",
                "dice",
                "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        List<String> scores = Files.readAllLines(run.resolve("scores.csv"));
        for (var found : evaluate.json().path("scores")) {
            // in the run classes are counted from 1 on, in files they have their numbers
            String label = found.path("class").asString("");
            String inRun = label.equals("4") ? "1" : label;
            assertThat(List.of("4", "2", "mean")).contains(label);
            assertThat(scores)
                    .anyMatch(line -> line.startsWith("ce,") && line.contains(",%s,%s,dice,".formatted(id, inRun)));
        }
    }

    @Test
    void regionsOfNnunet() throws IOException {
        Path folder = write("regions", (path, id, number) -> {
            image(path.resolve("imagesTr/%s_0000.nii.gz".formatted(id)), false, number, 0);
            labels(path.resolve("labelsTr/%s.nii.gz".formatted(id)), false, number, 0, 1, 2);
        });
        Files.writeString(folder.resolve("dataset.json"), """
                {"channel_names": {"0": "T1"}, "labels": {"background": 0, "whole": [1, 2], "core": [2]},
                 "regions_class_order": [1, 2], "numTraining": 4, "file_ending": ".nii.gz"}
                """);
        check(folder, "imagesTr", "labelsTr", "2 regions: whole, core");
        checkRun(folder, List.of("whole", "core", "mean"));
    }

    @Test
    void masksThatOverlap() throws IOException {
        Path folder = write("overlap", (path, id, number) -> {
            image(path.resolve("images/%s.nii.gz".formatted(id)), false, number, 0);
            labels(path.resolve("masks/%s/core.nii.gz".formatted(id)), false, number, 0, 0, 1);
            labels(path.resolve("masks/%s/whole.nii.gz".formatted(id)), false, number, 0, 1, 1);
        });
        Call without = segloss("train", "--data", folder, "--loss", "dice", "--test", 1, "--out", root.resolve("out"));
        assertThat(without.status()).isNotZero();
        assertThat(without.err())
                .contains("voxels belong to core and to whole", "or say --overlap that voxels have several");
        assertThat(segloss("validate", folder, "--overlap").status()).isZero();
        checkRun(folder, List.of("core", "whole", "mean"), "--overlap");
    }

    /// The second one marks less.
    @Test
    void severalRaters() throws IOException {
        Path folder = write("raters", (path, id, number) -> {
            image(path.resolve("images/%s.png".formatted(id)), true, number, 0);
            labels(path.resolve("masks-1/%s.png".formatted(id)), true, number, 0, 255, 255);
            labels(path.resolve("masks-2/%s.png".formatted(id)), true, number, 0, 0, 255);
        });
        check(folder, "images", "", "2 raters: masks-1, masks-2, 8 x 8 pixels, found as images and masks");
        checkRun(folder, List.of("masks-1", "masks-2", "majority", "mean"));
        Call one = segloss(
                "evaluate",
                "--prediction",
                root.resolve("raters-predicted"),
                "--reference",
                folder.resolve("masks-1"),
                "--missing",
                "skip");
        assertThat(one.err()).contains("task.json names masks-1, masks-2, majority", "or say --task binary");
        assertThat(one.status()).isNotZero();
    }

    @Test
    void masksOfProbabilities() throws IOException {
        Path folder = write("soft", (path, id, number) -> {
            image(path.resolve("images/%s.png".formatted(id)), true, number, 0);
            labels(path.resolve("masks/%s.png".formatted(id)), true, number, 0, 85, 255);
        });
        assertThat(segloss("validate", folder, "--soft").status()).isZero();
        checkRun(folder, List.of("foreground", "mean"), "--soft");
    }

    /// Compares two losses, and scores what is predicted once more.
    private void checkRun(Path folder, List<String> classes, Object... more) throws IOException {
        Path run = root.resolve("run");
        var words = new ArrayList<Object>(List.of(
                "compare",
                "--data",
                folder,
                "--losses",
                "bce,dice",
                "--test",
                1,
                "--steps",
                2,
                "--decide",
                "argmax,threshold,dice",
                "--metrics",
                "dice,ece",
                "--out",
                run));
        words.addAll(List.of(more));
        Call compare = segloss(words.toArray());
        assertThat(compare.status()).as(compare.err()).isZero();
        List<ScoreRow> rows = ScoreRow.read(run.resolve("scores.csv"));
        assertThat(rows.stream().map(ScoreRow::label).distinct()).containsExactlyElementsOf(classes);
        assertThat(run.resolve("report.html")).content().contains(classes.getFirst());
        Path references = Stream.of("labelsTr", "masks")
                .map(folder::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(folder);
        Call evaluate = segloss(
                "evaluate",
                "--prediction",
                run.resolve("bce/fold-0/seed-1/predictions"),
                "--reference",
                references,
                "--missing",
                "skip",
                "--metrics",
                "dice",
                "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        for (var found : evaluate.json().path("scores")) {
            ScoreRow row = rows.stream()
                    .filter(one -> one.loss().equals("bce")
                            && one.metric().equals("dice")
                            && one.decision().equals("argmax")
                            && one.label().equals(found.path("class").asString("")))
                    .findFirst()
                    .orElseThrow();
            assertThat(found.path("dice").asDouble(Double.NaN)).isEqualTo(row.value());
        }
        assertThat(evaluate.json().path("scores").size()).isEqualTo(classes.size());
        assertThat(segloss(words.toArray()).status()).isZero();
    }
}
