package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {
    private static final Dataset DATASET = new Dataset(
            "Ten",
            3,
            1,
            List.of("background", "organ"),
            IntStream.range(0, 10)
                    .mapToObj(i -> new Dataset.Entry("case" + i, Path.of("image" + i), Path.of("label" + i)))
                    .toList());

    @TempDir
    Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("split.json"), json);
    }

    @Test
    void theListsOfAFileAreTaken() throws IOException {
        Split split = Split.read(file("""
                {"about": "x", "test": ["case3"], "val": ["case1"], "train40": ["case3"], "train": ["case2", "case0"]}
                """), DATASET);
        assertThat(split).isEqualTo(new Split(List.of("case2", "case0"), List.of("case1"), List.of("case3")));
        assertThat(Split.read(file("{\"test\": [\"case3\"], \"train\": [\"case2\"]}"), DATASET)
                        .validation())
                .isEmpty();
    }

    @Test
    void everyFaultOfAFileIsNamed() throws IOException {
        Path file = file("{\"test\": [\"case1\", \"case1\", \"caseX\"], \"val\": [\"case2\"], \"train\": [\"case2\"]}");
        assertThatIOException()
                .isThrownBy(() -> Split.read(file, DATASET))
                .withMessageStartingWith(file + ": ")
                .withMessageContaining("'case1' is in 'test' and again in 'test'")
                .withMessageContaining("'case2' is in 'train' and again in 'val'")
                .withMessageContaining("1 cases are not in the data set, the first is 'caseX'");
        assertThatIOException()
                .isThrownBy(() -> Split.read(file("{\"train\": [\"case1\"]}"), DATASET))
                .withMessageContaining("the list 'test' is missing or empty");
        assertThatIOException()
                .isThrownBy(() -> Split.read(file("{\"train\": 1"), DATASET))
                .withMessageContaining("no correct JSON");
        assertThatIOException()
                .isThrownBy(() -> Split.read(folder.resolve("none.json"), DATASET))
                .withMessageContaining("there is no such file");
    }

    @Test
    void drawnSplitsPartTheCasesAndDependOnTheSeed() {
        Set<Split> different = new HashSet<>();
        int[] inTest = new int[10];
        for (long seed = 0; seed < 300; seed++) {
            Split split = Split.draw(DATASET, 3, seed);
            assertThat(split).isEqualTo(Split.draw(DATASET, 3, seed));
            assertThat(split.test()).hasSize(3).isSorted();
            assertThat(split.train()).hasSize(7).isSorted();
            var all = new ArrayList<>(split.test());
            all.addAll(split.train());
            assertThat(all).doesNotHaveDuplicates().hasSize(10);
            different.add(split);
            split.test().forEach(id -> inTest[id.charAt(4) - '0']++);
        }
        // 120 sets of three
        assertThat(different.size()).isGreaterThan(90);
        // each case 300 * 0.3 = 90 times, standard deviation 8; five of them
        for (int count : inTest) {
            assertThat(count).isBetween(50, 130);
        }
    }

    @Test
    void thereMustBeSomethingToTestAndToTrain() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(DATASET, 10, 1))
                .withMessage("of 10 cases, 10 were to be for testing; give with --test a number from 1 to 9");
        assertThatIllegalArgumentException().isThrownBy(() -> Split.draw(DATASET, 0, 1));
        var one = new Dataset("One", 3, 1, DATASET.labels(), DATASET.cases().subList(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(one, 1, 1))
                .withMessageContaining("at least 2");
    }
}
