package org.segloss.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is understood of the names of files, which are all empty here.
class LayoutsTest {
    @TempDir
    Path root;

    private Path folder;
    private int folders;

    private void files(String... names) throws IOException {
        folder = root.resolve("set" + folders++);
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    private Found found() throws IOException {
        return Layouts.find(folder, false, List.of(), Optional.empty());
    }

    /// {@return a line a case: its id, its side, the names of its images and of its segmentations}
    private static List<String> lines(Found found) {
        var lines = new ArrayList<String>();
        for (FoundCase one : found.cases()) {
            lines.add("%s%s: %s | %s"
                    .formatted(
                            one.id(),
                            one.side().map(side -> " (" + side + ")").orElse(""),
                            String.join(
                                    " ", one.images().stream().map(Folder::name).toList()),
                            String.join(
                                    " ",
                                    one.labels().stream()
                                            .map(label -> Folder.name(label.file())
                                                    + label.structure()
                                                            .map(name -> "=" + name)
                                                            .orElse(""))
                                            .toList())));
        }
        return lines;
    }

    @Test
    void theDecathlonAndWhatIsCalledLikeIt() throws IOException {
        files("imagesTr/a.nii.gz", "imagesTr/b.nii.gz", "labelsTr/a.nii.gz", "labelsTr/b.nii.gz", "imagesTs/c.nii.gz");
        assertThat(lines(found())).containsExactly("a: a.nii.gz | a.nii.gz", "b: b.nii.gz | b.nii.gz");
        assertThat(found().words()).isEqualTo("imagesTr and labelsTr");
        files("Images/a.png", "Masks/a.png");
        assertThat(lines(found())).containsExactly("a: a.png | a.png");
        files("img/a.png", "gt/a.nrrd.nii");
        assertThat(found().cases()).hasSize(2);
    }

    @Test
    void channelsInFilesOfTheirOwnAreToldFromIdsByTheLabels() throws IOException {
        files(
                "imagesTr/BRATS_001_0000.nii.gz",
                "imagesTr/BRATS_001_0001.nii.gz",
                "imagesTr/BRATS_002_0000.nii.gz",
                "imagesTr/BRATS_002_0001.nii.gz",
                "labelsTr/BRATS_001.nii.gz",
                "labelsTr/BRATS_002.nii.gz");
        assertThat(lines(found()))
                .containsExactly(
                        "BRATS_001: BRATS_001_0000.nii.gz BRATS_001_0001.nii.gz | BRATS_001.nii.gz",
                        "BRATS_002: BRATS_002_0000.nii.gz BRATS_002_0001.nii.gz | BRATS_002.nii.gz");
        assertThat(found().channels()).containsExactly("0000", "0001");
        // names that dataset.json gives stand for the numbers
        assertThat(Layouts.find(folder, true, List.of("t1", "t2"), Optional.empty())
                        .channels())
                .containsExactly("t1", "t2");
        files("imagesTr/x_0001.nii.gz", "imagesTr/x_0002.nii.gz", "labelsTr/x_0001.nii.gz", "labelsTr/x_0002.nii.gz");
        assertThat(lines(found()))
                .containsExactly("x_0001: x_0001.nii.gz | x_0001.nii.gz", "x_0002: x_0002.nii.gz | x_0002.nii.gz");
        assertThat(found().channels()).isEmpty();
        // one channel, as nnU-Net writes it
        files("imagesTr/x_0001_0000.nii.gz", "labelsTr/x_0001.nii.gz");
        assertThat(lines(found())).containsExactly("x_0001: x_0001_0000.nii.gz | x_0001.nii.gz");
    }

    @Test
    void aCaseThatLacksAChannelIsNamed() throws IOException {
        files(
                "imagesTr/a_0000.nii.gz",
                "imagesTr/a_0001.nii.gz",
                "imagesTr/b_0000.nii.gz",
                "labelsTr/a.nii.gz",
                "labelsTr/b.nii.gz");
        assertThat(found().problems())
                .singleElement()
                .asString()
                .contains("1 case does not have the 2 channels 0000, 0001: b");
    }

    @Test
    void wordsAtTheBeginningOrEndOfNamesAreNoPartOfTheId() throws IOException {
        files("images/a.jpg", "images/b.jpg", "masks/a_mask.png", "masks/b_mask.png");
        assertThat(lines(found())).containsExactly("a: a.jpg | a_mask.png", "b: b.jpg | b_mask.png");
        files("images/image_1.png", "images/image_2.png", "labels/mask_1.png", "labels/mask_2.png");
        assertThat(lines(found())).containsExactly("1: image_1.png | mask_1.png", "2: image_2.png | mask_2.png");
        files("images/a.png", "labels/a_segmentation.png");
        assertThat(lines(found())).containsExactly("a: a.png | a_segmentation.png");
        // the same names need no word taken away
        files("images/a_mask.png", "masks/a_mask.png");
        assertThat(lines(found())).containsExactly("a_mask: a_mask.png | a_mask.png");
    }

    @Test
    void bothInOneFolder() throws IOException {
        files("a.png", "a_mask.png", "b.png", "b_mask.png", "readme.txt");
        assertThat(lines(found())).containsExactly("a: a.png | a_mask.png", "b: b.png | b_mask.png");
        files("a-t1.nii.gz", "a-t2.nii.gz", "a-seg.nii.gz", "b-t1.nii.gz", "b-t2.nii.gz", "b-seg.nii.gz");
        assertThat(lines(found()))
                .containsExactly(
                        "a: a-t1.nii.gz a-t2.nii.gz | a-seg.nii.gz", "b: b-t1.nii.gz b-t2.nii.gz | b-seg.nii.gz");
        assertThat(found().channels()).containsExactly("t1", "t2");
    }

    @Test
    void aFolderForEachCase() throws IOException {
        files(
                "BraTS-1/BraTS-1-t1c.nii.gz",
                "BraTS-1/BraTS-1-t2f.nii.gz",
                "BraTS-1/BraTS-1-seg.nii.gz",
                "BraTS-2/BraTS-2-t1c.nii.gz",
                "BraTS-2/BraTS-2-t2f.nii.gz",
                "BraTS-2/BraTS-2-seg.nii.gz");
        assertThat(lines(found()))
                .containsExactly(
                        "BraTS-1: BraTS-1-t1c.nii.gz BraTS-1-t2f.nii.gz | BraTS-1-seg.nii.gz",
                        "BraTS-2: BraTS-2-t1c.nii.gz BraTS-2-t2f.nii.gz | BraTS-2-seg.nii.gz");
        assertThat(found().words()).isEqualTo("BraTS folders");
        assertThat(found().channels()).containsExactly("t1c", "t2f");
    }

    @Test
    void aFileForEachClass() throws IOException {
        files(
                "s01/ct.nii.gz",
                "s01/segmentations/liver.nii.gz",
                "s01/segmentations/spleen.nii.gz",
                "s02/ct.nii.gz",
                "s02/segmentations/liver.nii.gz",
                "s02/segmentations/spleen.nii.gz");
        assertThat(lines(found()))
                .containsExactly(
                        "s01: ct.nii.gz | liver.nii.gz=liver spleen.nii.gz=spleen",
                        "s02: ct.nii.gz | liver.nii.gz=liver spleen.nii.gz=spleen");
        assertThat(found().words()).isEqualTo("TotalSegmentator folders");
        for (String[] names : new String[][] {
            {"images/a.png", "images/b.png", "masks/a/cell.png", "masks/a/nucleus.png", "masks/b/cell.png"},
            {"images/a.png", "images/b.png", "masks/cell/a.png", "masks/nucleus/a.png", "masks/cell/b.png"}
        }) {
            files(names);
            Found found = found();
            assertThat(found.cases()).extracting(FoundCase::id).containsExactly("a", "b");
            assertThat(found.cases().getFirst().labels())
                    .extracting(label -> label.structure().orElseThrow())
                    .containsExactly("cell", "nucleus");
        }
    }

    @Test
    void objectsOfOneClassThatHaveFilesOfTheirOwn() throws IOException {
        files(
                "1/images/1.png",
                "1/masks/f00.png",
                "1/masks/a17.png",
                "2/images/2.png",
                "2/masks/9c1.png",
                "2/masks/b44.png");
        assertThat(found().cases().stream().flatMap(one -> one.labels().stream()))
                .extracting(label -> label.structure().orElseThrow())
                .containsOnly("object")
                .hasSize(4);
    }

    @Test
    void theSidesOfASplit() throws IOException {
        for (String[] names : new String[][] {
            {"images/train/a.png", "images/val/b.png", "masks/train/a.png", "masks/val/b.png"},
            {"train/images/a.png", "val/images/b.png", "train/masks/a.png", "val/masks/b.png"},
            {"train_images/a.png", "val_images/b.png", "train_masks/a.png", "val_masks/b.png"},
            {"images_training/a.png", "images_validation/b.png", "masks_training/a.png", "masks_validation/b.png"}
        }) {
            files(names);
            assertThat(lines(found()))
                    .as(names[0])
                    .containsExactly("a (train): a.png | a.png", "b (val): b.png | b.png");
        }
        files("train/a.png", "train/a_mask.png", "test/b.png", "test/b_mask.png");
        assertThat(lines(found())).containsExactly("a (train): a.png | a_mask.png", "b (test): b.png | b_mask.png");
        files(
                "train/p1/p1-t1.nii",
                "train/p1/p1-t2.nii",
                "train/p1/p1-seg.nii",
                "test/p2/p2-t1.nii",
                "test/p2/p2-t2.nii",
                "test/p2/p2-seg.nii");
        assertThat(lines(found()))
                .containsExactly(
                        "p1 (train): p1-t1.nii p1-t2.nii | p1-seg.nii", "p2 (test): p2-t1.nii p2-t2.nii | p2-seg.nii");
    }

    @Test
    void imagesToBePredictedAreLeftOut() throws IOException {
        files("train/images/a.png", "train/masks/a.png", "test/images/b.png", "test/masks/readme.txt");
        assertThat(lines(found())).containsExactly("a (train): a.png | a.png");
        assertThat(found().problems()).singleElement().asString().contains("1 image without a segmentation");
    }

    @Test
    void bids() throws IOException {
        files(
                "sub-01/anat/sub-01_T1w.nii.gz",
                "sub-01/anat/sub-01_T2w.nii.gz",
                "sub-02/anat/sub-02_T1w.nii.gz",
                "sub-02/anat/sub-02_T2w.nii.gz",
                "derivatives/labels/sub-01/anat/sub-01_label-lesion_mask.nii.gz",
                "derivatives/labels/sub-02/anat/sub-02_label-lesion_mask.nii.gz",
                "dataset_description.json");
        assertThat(lines(found()))
                .containsExactly(
                        "sub-01: sub-01_T1w.nii.gz sub-01_T2w.nii.gz | sub-01_label-lesion_mask.nii.gz",
                        "sub-02: sub-02_T1w.nii.gz sub-02_T2w.nii.gz | sub-02_label-lesion_mask.nii.gz");
        assertThat(found().words()).isEqualTo("BIDS folders");
    }

    @Test
    void twoReadingsAreNamedWithTheOptionThatDecides() throws IOException {
        files("images/a.png", "masks/a.png", "labels/a.png");
        assertThatIOException()
                .isThrownBy(this::found)
                .withMessageContaining("it can be read in 2 ways")
                .withMessageContaining("1 case from images and masks (--layout images+masks)")
                .withMessageContaining("1 case from images and labels (--layout images+labels)");
        Found chosen = Layouts.find(folder, false, List.of(), Optional.of("images+labels"));
        assertThat(chosen.cases().getFirst().labels().getFirst().file()).isEqualTo(folder.resolve("labels/a.png"));
        assertThatIOException()
                .isThrownBy(() -> Layouts.find(folder, false, List.of(), Optional.of("brats")))
                .withMessageContaining("can't be read as 'brats'");
    }

    @Test
    void whatIsNoDataSetIsTold() throws IOException {
        files("notes.txt", "more/notes.txt");
        assertThatIOException().isThrownBy(this::found).withMessageContaining("this is no data set");
    }

    @Test
    void imagesThatNobodyLabelledAreGroupedByTheirChannels() throws IOException {
        files("a_0000.nii.gz", "a_0001.nii.gz", "b_0000.nii.gz", "b_0001.nii.gz");
        assertThat(ImageGroups.of(folder, 2)).extracting(FoundCase::id).containsExactly("a", "b");
        assertThat(ImageGroups.of(folder, 1))
                .as("names that end with digits")
                .extracting(FoundCase::id)
                .containsExactly("a_0000", "a_0001", "b_0000", "b_0001");
        assertThat(ImageGroups.with(folder.resolve("b_0001.nii.gz"), 2).images())
                .containsExactly(folder.resolve("b_0000.nii.gz"), folder.resolve("b_0001.nii.gz"));
        files("a_0000.nii.gz", "b_0000.nii.gz");
        assertThat(ImageGroups.of(folder, 1)).extracting(FoundCase::id).containsExactly("a", "b");
        files("p1/p1-t1.nii.gz", "p1/p1-t2.nii.gz", "p1/p1-seg.nii.gz", "p2/p2-t2.nii.gz", "p2/p2-t1.nii.gz");
        assertThat(ImageGroups.of(folder, 2).stream()
                        .map(one -> one.id() + " "
                                + one.images().stream().map(Folder::name).toList()))
                .containsExactly("p1 [p1-t1.nii.gz, p1-t2.nii.gz]", "p2 [p2-t1.nii.gz, p2-t2.nii.gz]");
        Path one = folder.resolve("p1");
        assertThat(ImageGroups.of(one, 2)).extracting(FoundCase::id).containsExactly("p1");
        assertThatIOException()
                .isThrownBy(() -> ImageGroups.of(folder, 3))
                .withMessageContaining("2 images, but the network was trained with 3 channels");
    }
}
