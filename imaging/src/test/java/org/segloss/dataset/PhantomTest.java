package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.image.Geometry;
import org.segloss.process.Child;

class PhantomTest {
    private static List<Case> cases;

    @BeforeAll
    static void generateFourCasesOfEachOfEightSeeds() {
        cases = LongStream.range(0, 8)
                .boxed()
                .parallel()
                .flatMap(seed -> IntStream.range(0, 4).mapToObj(new Phantom(seed)::generate))
                .toList();
    }

    @TempDir
    Path folder;

    private static double fraction(Case c) {
        return c.label().histogram()[1] / (double) c.label().geometry().voxels();
    }

    @Test
    void theOrganTakesTwoToSixPercent() {
        assertThat(cases).allSatisfy(c -> assertThat(fraction(c)).isBetween(0.02, 0.06));
        double[] fractions =
                cases.stream().mapToDouble(PhantomTest::fraction).sorted().toArray();
        assertThat(fractions[31] / fractions[0]).as("largest to smallest organ").isGreaterThan(1.5);
    }

    @Test
    void volumesAreOfTheSizeThatIsPromisedAndNotAllTheSame() {
        Set<String> shapes = new HashSet<>();
        for (Case c : cases) {
            Geometry g = c.image().geometry();
            assertThat(g.x()).isBetween(36, 44);
            assertThat(g.y()).isBetween(36, 44);
            assertThat(g.z()).isBetween(28, 35).isLessThan(Math.min(g.x(), g.y()));
            assertThat(g.spacing()).containsExactly(1, 1, 1.25);
            assertThat(c.label().geometry()).isEqualTo(g);
            shapes.add(g.shapeText());
        }
        assertThat(shapes.size()).isGreaterThan(15);
    }

    @Test
    void noThresholdFindsTheOrgan() {
        // the best threshold of each case by itself, which nobody can know
        double[] best =
                cases.stream().mapToDouble(PhantomTest::bestThresholdDice).toArray();
        assertThat(Arrays.stream(best).average().orElseThrow()).isLessThan(0.55);
        assertThat(Arrays.stream(best).max().orElseThrow()).isLessThan(0.65);
    }

    private static double bestThresholdDice(Case c) {
        float[] values = c.image().values();
        byte[] labels = c.label().values();
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Float.compare(values[b], values[a]));
        long organ = c.label().histogram()[1];
        double best = 0;
        int hit = 0;
        for (int n = 0; n < order.length; n++) {
            hit += labels[order[n]];
            best = Math.max(best, 2.0 * hit / (n + 1 + organ));
        }
        return best;
    }

    @Test
    void theOrganIsBrighterThanWhatIsAroundIt() {
        for (Case c : cases) {
            Geometry g = c.image().geometry();
            double inside = 0;
            double around = 0;
            int n = 0;
            int m = 0;
            double squares = 0;
            for (int i = g.x() * g.y(); i < c.label().values().length - g.x() * g.y(); i++) {
                float value = c.image().values()[i];
                if (c.label().values()[i] == 1) {
                    inside += value;
                    n++;
                } else if (c.label().values()[i - 2] == 1 || c.label().values()[i + 2] == 1) {
                    around += value;
                    squares += (double) value * value;
                    m++;
                }
            }
            double mean = around / m;
            double deviation = Math.sqrt(squares / m - mean * mean);
            // partial volumes, texture and bias count as noise here: 4 becomes about 3
            assertThat((inside / n - mean) / deviation).as(c.id()).isBetween(2.0, 6.0);
        }
    }

    @Test
    void sameSeedSameBytesAnotherSeedAnotherOrgan() throws IOException {
        new Phantom(5, 2, 0, 1).write(folder.resolve("a"));
        new Phantom(5, 2, 0, 1).write(folder.resolve("b"));
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder.resolve("a"))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        assertThat(files).hasSize(8);
        for (Path file : files) {
            assertThat(folder.resolve("b").resolve(folder.resolve("a").relativize(file)))
                    .hasSameBinaryContentAs(file);
        }
        assertThat(new Phantom(6).generate(0).label().values())
                .isNotEqualTo(new Phantom(5).generate(0).label().values());
    }

    @Test
    void whatIsWrittenIsAValidDataSetWithItsSplit() throws IOException {
        Path root = folder.resolve("phantom");
        Phantom phantom = new Phantom(1, 4, 1, 2);
        phantom.write(root);
        assertThat(Validation.validate(root)).isEmpty();
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.name()).isEqualTo("Phantom");
        assertThat(dataset.labels()).containsExactly("background", "organ");
        Split split = Split.read(root.resolve("split.json"), dataset).getFirst();
        assertThat(split.train()).containsExactly("phantom_000", "phantom_001", "phantom_002", "phantom_003");
        assertThat(split.test()).containsExactly("phantom_004", "phantom_005");
        assertThat(split.validation()).containsExactly("phantom_006");
        Case read = Case.read(dataset, dataset.entry("phantom_004"));
        Case made = phantom.generate(4);
        assertThat(read.image().values()).isEqualTo(made.image().values());
        assertThat(read.image().geometry()).isEqualTo(made.image().geometry());
        assertThat(read.label().values()).isEqualTo(made.label().values());
    }

    @Test
    void aFolderWithFilesIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThatIOException()
                .isThrownBy(() -> new Phantom(1, 1, 0, 1).write(folder))
                .withMessageContaining("holds files already");
        assertThatIOException()
                .isThrownBy(() -> new Phantom(1, 1, 0, 1).write(file))
                .withMessageContaining("is a file");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aPhantomNeedsCases() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Phantom(1, 0, 2, 10))
                .withMessageContaining("0, 10 and 2");
        assertThatIllegalArgumentException().isThrownBy(() -> new Phantom(1, 1, -1, 10));
        assertThat(new Phantom(3)).isEqualTo(new Phantom(3, 24, 10, 10));
        assertThat(Stream.of(1, 9, 10, 24, 80).map(Phantom::validation)).containsExactly(1, 4, 5, 10, 10);
    }

    @Test
    void anInterruptedPhantomLeavesNothing() throws IOException, InterruptedException {
        Process writing = Child.start("-Xmx256m", WritePhantom.class, folder.resolve("phantom"));
        try {
            assumeTrue(writing.supportsNormalTermination());
            while (writing.isAlive() && names().isEmpty()) {
                Thread.sleep(1);
            }
            writing.destroy();
            writing.waitFor();
        } finally {
            writing.destroyForcibly();
        }
        // if it was too fast to be interrupted it is there whole
        assertThat(names()).isSubsetOf("phantom");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void idsDoNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(new Phantom(1).generate(7).id()).isEqualTo("phantom_007");
        } finally {
            Locale.setDefault(before);
        }
    }
}
