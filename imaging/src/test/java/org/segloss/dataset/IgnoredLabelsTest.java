package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import org.segloss.layout.Problem;

/// Labels whose voxels don't count, by `dataset.json` or by whoever opens a data set.
class IgnoredLabelsTest {
    @TempDir
    Path root;

    /// A case whose first voxels have these labels, and the others 0.
    private void write(String id, int... labels) throws IOException {
        byte[] values = new byte[24];
        for (int i = 0; i < labels.length; i++) {
            values[i] = (byte) labels[i];
        }
        Images.write(root.resolve("imagesTr/" + id + ".nii.gz"), Folders.image(id.charAt(0) - 'a'));
        Images.write(label(id), new Labels(Folders.GRID, values));
    }

    private Path label(String id) {
        return root.resolve("labelsTr/" + id + ".nii.gz");
    }

    private static int[] first(Labels labels, int count) {
        int[] first = new int[count];
        for (int i = 0; i < count; i++) {
            first[i] = labels.values()[i] & 0xFF;
        }
        return first;
    }

    private Labels read(Dataset dataset, String id) throws IOException {
        return Case.read(dataset, dataset.entry(id)).label();
    }

    @Test
    void nnUNetsIgnoreIsNoClass() throws IOException {
        write("a", 1, 2, 3, 0);
        for (String labels : List.of(
                "{\"background\": 0, \"x\": 1, \"y\": 2, \"ignore\": 3}",
                "{\"3\": \"ignore\", \"0\": \"background\", \"1\": \"x\", \"2\": \"y\"}")) {
            Folders.json(root, labels);
            Dataset dataset = Dataset.open(root);
            assertThat(dataset.labels()).containsExactly("background", "x", "y");
            assertThat(dataset.ignored()).containsExactly(3);
            assertThat(first(read(dataset, "a"), 4)).containsExactly(1, 2, 3, 0);
            Case binary = Case.read(dataset, dataset.entry("a")).binary(dataset.ignored());
            assertThat(first(binary.label(), 4)).containsExactly(1, 1, 3, 0);
        }
    }

    /// Far above the classes, and some in the command.
    @Test
    void whatACommandIgnoresComesToWhatTheFileIgnores() throws IOException {
        write("a", 1, 254, 255, 9);
        Folders.json(root, "{\"background\": 0, \"x\": 1, \"ignore\": 254}");
        Dataset dataset = Dataset.open(root, Reading.ignoring(Set.of(255, 9)));
        assertThat(dataset.ignored()).containsExactly(9, 254, 255);
        // one of them stands for all
        assertThat(first(read(dataset, "a"), 4)).containsExactly(1, 255, 255, 255);
        assertThatIOException()
                .isThrownBy(() -> read(Dataset.open(root), "a"))
                .withMessageContaining("1 voxels have the label 9, also 255.")
                .withMessageContaining("or name a label of voxels that don't count by --ignore");
    }

    /// In a file of 0 and 255 alone, 255 is what a mask has for 1.
    @Test
    void anIgnored255IsNoMasks() throws IOException {
        write("a", 1, 255);
        write("b", 255, 255);
        Dataset dataset = Dataset.open(root, Reading.ignoring(Set.of(255)));
        assertThat(dataset.labels()).containsExactly("background", "foreground");
        assertThat(first(read(dataset, "a"), 3)).containsExactly(1, 255, 0);
        assertThat(first(read(dataset, "b"), 3)).containsExactly(255, 255, 0);
        Folders.json(root, "{\"background\": 0, \"x\": 1, \"ignore\": 255}");
        assertThat(first(read(Dataset.open(root), "b"), 3)).containsExactly(255, 255, 0);
    }

    @Test
    void aMaskOf255MayHaveAnotherLabelThatIsIgnored() throws IOException {
        write("a", 255, 128);
        write("b", 255, 255);
        for (String json : List.of("{}", "{\"background\": 0, \"x\": 1}")) {
            if (json.length() > 2) {
                Folders.json(root, json);
            }
            Dataset dataset = Dataset.open(root, Reading.ignoring(Set.of(128)));
            assertThat(dataset.labels()).hasSize(2);
            assertThat(first(read(dataset, "a"), 3)).containsExactly(1, 128, 0);
            assertThat(first(read(dataset, "b"), 3)).containsExactly(1, 1, 0);
        }
    }

    @Test
    void aLabelThatIsAClassIsNotIgnored() throws IOException {
        write("a", 1, 2, 3);
        Folders.json(root, "{\"background\": 0, \"x\": 1, \"y\": 2, \"z\": 3}");
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root, Reading.ignoring(Set.of(2))))
                .withMessageContaining("the label 2 is to be ignored, but it is that of the class 'y'")
                .withMessageContaining("a number of their own");
        assertThat(Validation.validate(root, Reading.ignoring(Set.of(2))).toString())
                .contains("it is that of the class 'y'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.open(root, Reading.ignoring(Set.of(0))))
                .withMessageContaining("whole numbers other than 0, which is the background");
    }

    @Test
    void whatIsLeftHasToBeLabels() throws IOException {
        write("a", 1, 2, 3);
        Dataset rest = Dataset.open(root, Reading.ignoring(Set.of(2)));
        assertThat(rest.labels()).containsExactly("background", "label 1", "label 3");
        // 2 is a class's label in memory, so what doesn't count has another
        assertThat(rest.ignored()).containsExactly(255);
        assertThat(first(read(rest, "a"), 4)).containsExactly(1, 255, 2, 0);
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root, Reading.ignoring(Set.of(1, 2, 3))))
                .withMessageContaining("without the labels that are ignored (1, 2, 3)")
                .withMessageContaining("nothing but background");
        write("a", 1, 255);
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("hold the values 0, 1, 255")
                .withMessageContaining(
                        "255 may be a class, or mark voxels that don't count: say --ignore=255, or --map-labels")
                .withMessageContaining("\"1=organ, 255=other\"");
    }

    /// What can't be opened is an error of validation, in the same words.
    @Test
    void validationRefusesWhatOpeningRefuses() throws IOException {
        for (int[] labels : new int[][] {{255}, {1, 255}, {1, 2, 3}, {1, 2, 128, 255}, {0}}) {
            write("a", labels);
            write("b", labels[0]);
            for (Set<Integer> ignored :
                    List.of(Set.<Integer>of(), Set.of(255), Set.of(1), Set.of(2), Set.of(1, 255), Set.of(1, 2, 3))) {
                List<String> opening = new ArrayList<>();
                try {
                    Dataset.open(root, Reading.ignoring(ignored));
                } catch (IOException e) {
                    opening.add(e.getMessage());
                }
                assertThat(Validation.validate(root, Reading.ignoring(ignored)))
                        .as("%s without %s", Arrays.toString(labels), ignored)
                        .filteredOn(Problem::isError)
                        .extracting(Problem::toString)
                        .isEqualTo(opening);
            }
        }
    }

    @Test
    void validationSaysHowManyVoxelsDoNotCount() throws IOException {
        write("a", 1, 2, 2, 2);
        write("b", 1, 1);
        Folders.json(root, "{\"background\": 0, \"x\": 1, \"ignore\": 2}");
        assertThat(Validation.validate(root)).singleElement().satisfies(note -> {
            assertThat(note.isError()).isFalse();
            assertThat(note)
                    .hasToString(
                            "%s: 12.5 %% of the voxels have an ignored label (2). They are neither learned nor scored."
                                    .formatted(label("a")));
        });
        int[] all = new int[24];
        Arrays.fill(all, 2);
        write("b", all);
        assertThat(Validation.validate(root))
                .extracting(Problem::toString)
                .contains(
                        "%s: every voxel has an ignored label (2). Nothing is learned of this case, and nothing scored: check that this is meant."
                                .formatted(label("b")))
                .noneMatch(text -> text.contains("the segmentation is empty"));
        write("a", 1);
        write("b", 1);
        assertThat(Validation.validate(root, Reading.ignoring(Set.of(9))).toString())
                .contains("no voxel has an ignored label (2 or 9). All are learned and scored.");
    }

    /// The class lies nowhere but under what is ignored.
    @Test
    void aDeclaredClassThatIsNowhereIsNamed() throws IOException {
        write("a", 1, 3);
        Folders.json(root, "{\"background\": 0, \"x\": 1, \"y\": 2, \"ignore\": 3}");
        assertThat(Validation.validate(root).toString()).contains("no segmentation has the label 2 (y)");
    }
}
