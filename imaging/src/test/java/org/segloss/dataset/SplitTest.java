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
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    private static final Groups SINGLE = Groups.single(DATASET.ids());

    @TempDir
    Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("split.json"), json);
    }

    @Test
    void theListsOfAFileAreTaken() throws IOException {
        Split split = Split.read(file("""
                {"about": "x", "test": ["case3"], "val": ["case1"], "train40": ["case3"], "train": ["case2", "case0"]}
                """), DATASET).getFirst();
        assertThat(split).isEqualTo(new Split(List.of("case2", "case0"), List.of("case1"), List.of("case3")));
        assertThat(Split.read(file("{\"test\": [\"case3\"], \"train\": [\"case2\"]}"), DATASET)
                        .getFirst()
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
            Split split = Split.draw(SINGLE, 3, seed);
            assertThat(split).isEqualTo(Split.draw(SINGLE, 3, seed));
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
                .isThrownBy(() -> Split.draw(SINGLE, 10, 1))
                .withMessage("of 10 cases, 10 were to be for testing; give with --test a number from 1 to 9");
        assertThatIllegalArgumentException().isThrownBy(() -> Split.draw(SINGLE, 0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(Groups.single(List.of("case0")), 1, 1))
                .withMessageContaining("at least 2");
    }

    /// Ten cases of five subjects, with 3, 3, 2, 1 and 1 cases.
    private static final Groups SUBJECTS = new Groups(IntStream.range(0, 10)
            .boxed()
            .collect(Collectors.toMap(i -> "case" + i, i -> "aaabbbccde".substring(i, i + 1))));

    @Test
    void foldsTestEveryCaseOnceAndNoSubjectStandsOnTwoSides() {
        Set<List<Split>> different = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            List<Split> folds = Split.folds(SUBJECTS, 3, seed);
            assertThat(folds).isEqualTo(Split.folds(SUBJECTS, 3, seed));
            assertThat(folds.stream().flatMap(fold -> fold.test().stream()))
                    .containsExactlyInAnyOrderElementsOf(DATASET.ids());
            for (Split fold : folds) {
                SUBJECTS.check(fold);
                assertThat(fold.train().size() + fold.test().size()).isEqualTo(10);
                assertThat(fold.test()).hasSizeBetween(3, 4).isSorted();
            }
            different.add(folds);
        }
        assertThat(different.size()).isGreaterThan(1);
        assertThat(Split.folds(SINGLE, 3, 1).stream().map(fold -> fold.test().size()))
                .containsExactly(4, 3, 3);
    }

    @Test
    void aFifthOfAFoldsTrainingSubjectsValidateButNoMoreThanTenCases() {
        for (int pairs : List.of(7, 10, 40, 100)) {
            var groups = new Groups(IntStream.range(0, 2 * pairs)
                    .boxed()
                    .collect(Collectors.toMap("case%03d"::formatted, i -> "subject" + i / 2)));
            List<Split> folds = Split.folds(groups, 2, 3);
            assertThat(folds).isEqualTo(Split.folds(groups, 2, 3)).isNotEqualTo(Split.folds(groups, 2, 4));
            for (Split fold : folds) {
                groups.check(fold);
                // half of the pairs would train
                int training = (fold.train().size() + fold.validation().size()) / 2;
                assertThat(fold.validation())
                        .hasSize(Math.min(10, 2 * (training / 5)))
                        .isSorted();
                assertThat(Stream.of(fold.train(), fold.validation(), fold.test())
                                .flatMap(List::stream))
                        .containsExactlyInAnyOrderElementsOf(groups.byCase().keySet());
            }
        }
    }

    @Test
    void thereCannotBeMoreFoldsThanSubjects() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.folds(SUBJECTS, 6, 1))
                .withMessage("10 cases of 5 subjects can't make 6 folds; give --folds a number from 2 to 5");
        assertThatIllegalArgumentException().isThrownBy(() -> Split.folds(SUBJECTS, 1, 1));
    }

    @Test
    void aDrawnSplitKeepsSubjectsTogether() {
        for (long seed = 0; seed < 50; seed++) {
            Split split = Split.draw(SUBJECTS, 4, seed);
            SUBJECTS.check(split);
            assertThat(split.test()).hasSizeBetween(3, 4);
        }
        var pairs = new Groups(Map.of("a1", "a", "a2", "a", "b1", "b", "b2", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(pairs, 1, 1))
                .withMessageContaining("every subject has more cases");
    }

    @Test
    void theFoldsOfAFileAreTaken() throws IOException {
        List<Split> folds = Split.read(file("""
                {"folds": [{"train": ["case1"], "test": ["case2"]}, {"train": ["case2"], "test": ["case1"]}]}
                """), DATASET);
        assertThat(folds).extracting(Split::test).containsExactly(List.of("case2"), List.of("case1"));
        assertThatIOException()
                .isThrownBy(() -> Split.read(file("{\"folds\": [{\"train\": [\"case1\"]}]}"), DATASET))
                .withMessageContaining("fold 0: the list 'test' is missing or empty");
        assertThatIOException()
                .isThrownBy(() -> Split.read(file("{\"folds\": []}"), DATASET))
                .withMessageContaining("the list 'folds' is empty");
    }
}
