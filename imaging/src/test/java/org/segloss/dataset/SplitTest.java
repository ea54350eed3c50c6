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
import java.util.OptionalInt;
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
    private static final OptionalInt USUAL = OptionalInt.empty();

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
            Split split = Split.draw(SINGLE, 3, USUAL, seed);
            assertThat(split).isEqualTo(Split.draw(SINGLE, 3, USUAL, seed));
            assertThat(split.test()).hasSize(3).isSorted();
            assertThat(split.validation()).hasSize(1);
            assertThat(split.train()).hasSize(6).isSorted();
            var all = new ArrayList<>(split.test());
            all.addAll(split.validation());
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
                .isThrownBy(() -> Split.draw(SINGLE, 10, USUAL, 1))
                .withMessage("of 10 cases, 10 were to be for testing; give with --test a number from 1 to 9");
        assertThatIllegalArgumentException().isThrownBy(() -> Split.draw(SINGLE, 0, USUAL, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(Groups.single(List.of("case0")), 1, USUAL, 1))
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
            List<Split> folds = Split.folds(SUBJECTS, 3, USUAL, seed);
            assertThat(folds).isEqualTo(Split.folds(SUBJECTS, 3, USUAL, seed));
            assertThat(folds.stream().flatMap(fold -> fold.test().stream()))
                    .containsExactlyInAnyOrderElementsOf(DATASET.ids());
            for (Split fold : folds) {
                SUBJECTS.check(fold);
                assertThat(Stream.of(fold.train(), fold.validation(), fold.test())
                                .flatMap(List::stream))
                        .containsExactlyInAnyOrderElementsOf(DATASET.ids());
                assertThat(fold.test()).hasSizeBetween(3, 4).isSorted();
            }
            different.add(folds);
        }
        assertThat(different.size()).isGreaterThan(1);
        assertThat(Split.folds(SINGLE, 3, USUAL, 1).stream()
                        .map(fold -> fold.test().size()))
                .containsExactly(4, 3, 3);
    }

    @Test
    void aFifthOfAFoldsTrainingSubjectsValidateButNoMoreThanTenCases() {
        for (int pairs : List.of(7, 10, 40, 100)) {
            var groups = new Groups(IntStream.range(0, 2 * pairs)
                    .boxed()
                    .collect(Collectors.toMap("case%03d"::formatted, i -> "subject" + i / 2)));
            List<Split> folds = Split.folds(groups, 2, USUAL, 3);
            assertThat(folds)
                    .isEqualTo(Split.folds(groups, 2, USUAL, 3))
                    .isNotEqualTo(Split.folds(groups, 2, USUAL, 4));
            for (Split fold : folds) {
                groups.check(fold);
                // half of the pairs would train
                int training = (fold.train().size() + fold.validation().size()) / 2;
                assertThat(fold.validation())
                        .hasSize(Math.min(10, 2 * Math.max(1, training / 5)))
                        .isSorted();
                assertThat(Stream.of(fold.train(), fold.validation(), fold.test())
                                .flatMap(List::stream))
                        .containsExactlyInAnyOrderElementsOf(groups.byCase().keySet());
            }
        }
    }

    @Test
    void ofFewSubjectsOneValidatesWhereTwoGoOnTraining() {
        for (int cases = 2; cases <= 8; cases++) {
            Groups groups = Groups.single(DATASET.ids().subList(0, cases));
            Split split = Split.draw(groups, 1, USUAL, 3);
            assertThat(split.validation()).as("of %d", cases).hasSize(cases < 4 ? 0 : 1);
            assertThat(split.train()).hasSize(cases - 1 - split.validation().size());
        }
    }

    @Test
    void whereEverySubjectHasMoreThanTenCasesTheSmallestValidates() {
        var groups = new Groups(IntStream.range(0, 80)
                .boxed()
                .collect(Collectors.toMap("case%02d"::formatted, i -> "subject" + (i < 11 ? 0 : 1 + i / 20))));
        for (long seed = 0; seed < 20; seed++) {
            Split split = Split.draw(groups, 20, USUAL, seed);
            groups.check(split);
            // five subjects with 11, 9, 20, 20 and 20 cases; that with 9 may be drawn to test
            assertThat(split.validation()).hasSize(split.test().contains("case11") ? 20 : 9);
        }
    }

    @Test
    void asManyCasesValidateAsAreAskedFor() {
        for (int cases = 0; cases < 7; cases++) {
            Split split = Split.draw(SINGLE, 3, OptionalInt.of(cases), 1);
            assertThat(split.validation()).hasSize(cases).isSorted();
            assertThat(split.train()).hasSize(7 - cases);
            // what tests is the same
            assertThat(split.test()).isEqualTo(Split.draw(SINGLE, 3, USUAL, 1).test());
        }
        for (long seed = 0; seed < 20; seed++) {
            Split split = Split.draw(SUBJECTS, 3, OptionalInt.of(3), seed);
            SUBJECTS.check(split);
            assertThat(split.validation()).hasSizeBetween(1, 3);
        }
        for (int wrong : List.of(-1, 7, 10)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Split.draw(SINGLE, 3, OptionalInt.of(wrong), 1))
                    .withMessage(
                            "of 7 cases that would train, %d were to validate; give with --val a number from 0 to 6"
                                    .formatted(wrong));
        }
        var pairs = new Groups(Map.of("a1", "a", "a2", "a", "b1", "b", "b2", "b", "c1", "c", "c2", "c"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(pairs, 2, OptionalInt.of(1), 1))
                .withMessageContaining("every subject has more cases than that; give --val a larger number, or 0");
    }

    @Test
    void thereCannotBeMoreFoldsThanSubjects() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.folds(SUBJECTS, 6, USUAL, 1))
                .withMessage("10 cases of 5 subjects can't make 6 folds; give --folds a number from 2 to 5");
        assertThatIllegalArgumentException().isThrownBy(() -> Split.folds(SUBJECTS, 1, USUAL, 1));
    }

    @Test
    void aDrawnSplitKeepsSubjectsTogether() {
        for (long seed = 0; seed < 50; seed++) {
            Split split = Split.draw(SUBJECTS, 4, USUAL, seed);
            SUBJECTS.check(split);
            assertThat(split.test()).hasSizeBetween(3, 4);
        }
        var pairs = new Groups(Map.of("a1", "a", "a2", "a", "b1", "b", "b2", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.draw(pairs, 1, USUAL, 1))
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
