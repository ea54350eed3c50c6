package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.decide.Decision;
import org.segloss.decide.Probabilities;
import org.segloss.decide.ThresholdSearch;
import org.segloss.decide.Thresholds;
import org.segloss.format.Images;
import org.segloss.image.Volume;

class RegionsTest {
    @TempDir
    private Path root;

    private ClassLabels open(String labels, String order) throws IOException {
        Folders.msd(root, 2, 4);
        Files.writeString(
                root.resolve("dataset.json"), "{\"labels\": %s, \"regions_class_order\": %s}".formatted(labels, order));
        return Dataset.open(root).classes();
    }

    /// The order of the file is that of the channels.
    @Test
    void regionsAreThoseOfTheFile() throws IOException {
        ClassLabels classes = open(
                "{\"background\": 0, \"whole\": [1, 2, 3], \"core\": [2, 3], \"enhancing\": 3, \"ignore\": 9}",
                "[1, 2, 3]");
        assertThat(classes.names()).containsExactly("background", "label 1", "label 2", "enhancing");
        assertThat(classes.ignored()).containsExactly(9);
        assertThat(classes.regions())
                .extracting(region -> region.name() + region.labels() + region.paints())
                .containsExactly("whole[1, 2, 3]1", "core[2, 3]2", "enhancing[3]3");
        assertThat(classes.membership(1)).startsWith(false, false, true, true, false);
        assertThat(classes.marking()).isEqualTo(Marking.REGIONS);
    }

    /// nnU-Net: `for i, c in enumerate(regions_class_order): segmentation[probabilities[i] > 0.5] = c`.
    @Test
    void laterRegionsPaintOverEarlierOnes() throws IOException {
        ClassLabels classes =
                open("{\"background\": 0, \"whole\": [1, 2, 3], \"core\": [2, 3], \"enhancing\": [3]}", "[2, 1, 3]");
        float[] p = new float[3 * 8];
        byte[] expected = new byte[8];
        for (int i = 0; i < 8; i++) {
            int[] order = {2, 1, 3};
            for (int c = 0; c < 3; c++) {
                p[8 * c + i] = (i >> c & 1) == 1 ? 0.7f : 0.3f;
                if (p[8 * c + i] > 0.5) {
                    expected[i] = (byte) order[c];
                }
            }
        }
        var probabilities = Probabilities.of(3, p);
        assertThat(Decision.ARGMAX.labels(probabilities, Optional.empty(), classes))
                .isEqualTo(expected);
        var low = new Thresholds(List.of(0.2, 0.6, 0.8));
        byte[] all = Decision.THRESHOLD.labels(probabilities, Optional.of(low), classes);
        for (int i = 0; i < 8; i++) {
            assertThat(all[i]).isEqualTo((byte) ((i >> 1 & 1) == 1 ? 1 : 2));
        }
    }

    /// A threshold for each region by itself, as for a class that is alone.
    @Test
    void thresholdsAreLookedForInEachRegion() throws IOException {
        ClassLabels classes = open("{\"background\": 0, \"whole\": [1, 2], \"core\": [2]}", "[1, 2]");
        byte[] reference = {0, 1, 2, 2, 9};
        float[] whole = {0.3f, 0.35f, 0.9f, 0.8f, 0.99f};
        float[] core = {0.1f, 0.7f, 0.75f, 0.9f, 0.9f};
        float[] both = new float[10];
        System.arraycopy(whole, 0, both, 0, 5);
        System.arraycopy(core, 0, both, 5, 5);
        var search = new ThresholdSearch(classes);
        search.add(Probabilities.of(2, both), reference, Set.of(9));
        var first = new ThresholdSearch(1);
        first.add(Probabilities.of(1, whole), new byte[] {0, 1, 1, 1, 9}, Set.of(9));
        var second = new ThresholdSearch(1);
        second.add(Probabilities.of(1, core), new byte[] {0, 0, 1, 1, 9}, Set.of(9));
        assertThat(search.best())
                .isEqualTo(new Thresholds(List.of(0.35, 0.71)))
                .isEqualTo(new Thresholds(List.of(
                        first.best().values().getFirst(), second.best().values().getFirst())));
    }

    @Test
    void classesThatOverlapHaveALabelForEachSet() {
        ClassLabels classes = ClassLabels.overlapping(List.of("a", "b", "c"));
        assertThat(classes.names())
                .containsExactly("background", "a", "b", "a + b", "c", "a + c", "b + c", "a + b + c");
        for (int label = 0; label < 8; label++) {
            for (int k = 0; k < 3; k++) {
                assertThat(classes.membership(k)[label]).isEqualTo((label >> k & 1) == 1);
            }
        }
        var sets = List.of(BitSet.valueOf(new long[] {0b10}), BitSet.valueOf(new long[] {0b110}), new BitSet());
        assertThat(classes.painted(sets, 4)).containsExactly(0, 3, 2, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassLabels.overlapping(List.of("a", "b", "c", "d", "e", "f", "g", "h")))
                .withMessage("at most 7 classes can overlap, and there are 8");
    }

    /// The share of raters is the target, and what at least half of them mark is the class.
    @Test
    void ratersAreLearnedAsTheirShare() {
        ClassLabels classes = ClassLabels.ofRaters(List.of("a", "b", "c"));
        assertThat(classes.channels()).isOne();
        float[] target = classes.target(0);
        for (int label = 0; label < 8; label++) {
            int marks = (label & 1) + (label >> 1 & 1) + (label >> 2);
            assertThat(target[label]).isEqualTo(marks / 3f);
            assertThat(classes.membership(0)[label]).isEqualTo(marks >= 2);
        }
        assertThat(classes.scored())
                .extracting(region -> region.name() + region.labels())
                .containsExactly("a[1, 3, 5, 7]", "b[2, 3, 6, 7]", "c[4, 5, 6, 7]", "majority[3, 5, 6, 7]");
        // what is predicted is what all of them would mark, and so each one's
        var set = new BitSet();
        set.set(1);
        assertThat(classes.painted(List.of(set), 3)).containsExactly(0, 7, 0);
        assertThat(ClassLabels.ofRaters(List.of("a", "b")).membership(0)).startsWith(false, true, true, true, false);
    }

    @Test
    void probabilitiesAreLearnedAsTheyAre() throws IOException {
        ClassLabels classes = ClassLabels.ofProbabilities();
        float[] target = classes.target(0);
        var reading = new Reading(Optional.empty(), Optional.empty(), new TreeSet<>(), Marking.PROBABILITIES);
        Folders.msd(root, 1, 2);
        float[] values = new float[24];
        float[] shares = {0, 1, 0.5f, 1 / 3f, 0.25f, 5 / 6f, 0.125f, 0.1234f, 1.000001f};
        System.arraycopy(shares, 0, values, 0, shares.length);
        Images.write(root.resolve("labelsTr/a.nii.gz"), new Volume(Folders.GRID, 1, values));
        Dataset dataset = Dataset.open(root, reading);
        assertThat(Validation.validate(root, reading)).isEmpty();
        byte[] labels = Case.read(dataset, dataset.entry("a")).label().values();
        for (int i = 0; i < shares.length; i++) {
            // half a step; those of two to six and of eight raters are hit
            assertThat(target[labels[i] & 0xFF]).isCloseTo(Math.min(1, shares[i]), within(i == 7 ? 1 / 480f : 1e-6f));
        }
        assertThat(classes.membership(0)[labels[2] & 0xFF]).isTrue();
        assertThat(classes.membership(0)[labels[3] & 0xFF]).isFalse();
        for (float wrong : new float[] {-0.1f, 1.1f, Float.NaN}) {
            values[0] = wrong;
            Images.write(root.resolve("labelsTr/a.nii.gz"), new Volume(Folders.GRID, 1, values));
            assertThatIOException()
                    .isThrownBy(() -> Case.read(dataset, dataset.entry("a")))
                    .withMessageContaining("Expected are probabilities: one channel of numbers from 0 to 1");
        }
    }

    @Test
    void mistakesAreNamed() {
        String[][] wrong = {
            {"{\"background\": 0, \"whole\": [1, 2]}", "null", "'regions_class_order' is null", "1 regions: whole"},
            {"{\"background\": 0, \"whole\": [1, 2], \"x\": 2}", "[1]", "is [1], but there are 2 regions: whole, x"},
            {"{\"background\": 0, \"whole\": [1, 2]}", "[\"a\"]", "is [\"a\"]"},
            {"{\"background\": 0, \"whole\": [1, 2]}", "[7]", "'whole' paints the label 7", "one of [1, 2]"},
            {"{\"background\": 0, \"whole\": []}", "[1]", "'whole' has the labels []"},
            {"{\"background\": 0, \"whole\": [0, 1]}", "[1]", "whole numbers above 0"},
            {"{\"background\": 0, \"whole\": [1, 1.5]}", "[1]", "'whole' has the labels [1,1.5]"},
            {"{\"background\": 0, \"mean\": [1, 2]}", "[1]", "'mean' can't have that name"}
        };
        for (String[] one : wrong) {
            assertThatIOException()
                    .as(one[0])
                    .isThrownBy(() -> open(one[0], one[1]))
                    .withMessageContaining("dataset.json")
                    .satisfies(e -> assertThat(e.getMessage())
                            .contains(List.of(one).subList(2, one.length).toArray(String[]::new)));
        }
    }
}
