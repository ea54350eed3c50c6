package org.segloss.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.loss.About;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

class LossPagesTest {
    private static final Path DOCS = Path.of("../docs");

    private static final String WRITE =
            "write it anew by: mvn -pl core test -Dtest=LossPagesTest -Dsegloss.writeDocs=true";

    @Test
    void thePageAndItsPicturesAreWhatTheCatalogueSays() throws IOException {
        SortedMap<String, String> expected = LossPages.all();
        if (Boolean.getBoolean("segloss.writeDocs")) {
            write(expected);
        }
        SortedMap<String, String> actual = read();
        SortedSet<String> files = new TreeSet<>(expected.keySet());
        files.addAll(actual.keySet());
        assertThat(files.stream()
                        .filter(file -> !Objects.equals(actual.get(file), expected.get(file)))
                        .map(file -> "%ndocs/%s ".formatted(file) + difference(actual.get(file), expected.get(file)))
                        .toList())
                .as(WRITE)
                .isEmpty();
    }

    /// {@return the first line that differs}: a whole page would hide it
    private static String difference(String actual, String expected) {
        if (actual == null || expected == null) {
            return actual == null ? "is missing" : "belongs to no loss";
        }
        List<String> has = (actual + "\n(end)").lines().toList();
        List<String> needs = (expected + "\n(end)").lines().toList();
        int line = 0;
        while (line < Math.min(has.size(), needs.size()) - 1 && has.get(line).equals(needs.get(line))) {
            line++;
        }
        return "has in line %d%n  %s%nbut needs%n  %s".formatted(line + 1, has.get(line), needs.get(line));
    }

    private static void write(Map<String, String> pages) throws IOException {
        for (Path file : pictures()) {
            Files.delete(file);
        }
        Files.createDirectories(DOCS.resolve("losses"));
        for (var page : pages.entrySet()) {
            Files.writeString(DOCS.resolve(page.getKey()), page.getValue());
        }
    }

    private static SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> pages = new TreeMap<>();
        for (Path file : pictures()) {
            pages.put("losses/" + file.getFileName(), Files.readString(file));
        }
        if (Files.exists(DOCS.resolve("losses.md"))) {
            pages.put("losses.md", Files.readString(DOCS.resolve("losses.md")));
        }
        return pages;
    }

    private static List<Path> pictures() throws IOException {
        if (!Files.isDirectory(DOCS.resolve("losses"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(DOCS.resolve("losses"))) {
            return files.toList();
        }
    }

    @Test
    void allIsSaidOfEachLoss() {
        for (LossCatalog.Entry entry : LossCatalog.all()) {
            var about = entry.about();
            assertThat(List.of(about.summary(), about.range(), about.use(), about.avoid(), about.cost()))
                    .as(entry.name())
                    .doesNotContain("");
            assertThat(about.source()).as(entry.name()).containsPattern(", https?://\\S+$");
            assertThat(entry.kind() == LossCatalog.Kind.COMPOUND || !about.tex().isEmpty())
                    .as("%s has a formula for typesetting", entry.name())
                    .isTrue();
            assertThat(entry.parameters().stream()
                            .filter(p -> p.meaning().isEmpty())
                            .toList())
                    .as("parameters of %s without a meaning", entry.name())
                    .isEmpty();
        }
    }

    record Choosy(double least) implements VolumeLoss {
        @Override
        public Measure measure(Task task) {
            return Measure.PROBABILITY;
        }

        @Override
        public double at(Field field) {
            if (field.grid().x() < least) {
                throw new IllegalArgumentException("too small");
            }
            return 0;
        }
    }

    private static LossCatalog.Entry choosy(double least) {
        About anyone = LossCatalog.all().getFirst().about();
        return new LossCatalog.Entry("choosy", LossCatalog.Kind.VOLUME, anyone, List.of(), new Choosy(least));
    }

    @Test
    void aLossIsDrawnInTheSmallestImageItTakes() {
        assertThat(Scene.curves(choosy(16)).side()).isEqualTo(16);
        assertThat(Scene.curves(choosy(17)).side()).isEqualTo(64);
        assertThat(Scene.curves(choosy(161)).side()).isEqualTo(176);
        assertThatThrownBy(() -> Scene.curves(choosy(1000)))
                .hasMessageContaining("no plot can be drawn of choosy")
                .hasMessageContaining("binary task, 176 voxels a side: too small");
    }

    /// Twelve and a quarter is halfway between two coordinates: what is next to it has to go the same way.
    @ParameterizedTest
    @CsvSource({
        "12.25, 12.3",
        "12.249999999999998, 12.3",
        "12.250000000000002, 12.3",
        "12.24, 12.2",
        "3, 3",
        "120, 120",
        "-0.01, 0"
    })
    void aCoordinateDoesNotDependOnItsLastBits(double coordinate, String text) {
        assertThat(Plot.number(coordinate)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, '0 0.5 1'", // steps of 0.2 would be five intervals
        "0.1, 0.4, '0.1 0.2 0.3 0.4'",
        "0.1000000000000001, 0.3999999999999999, '0.1 0.2 0.3 0.4'",
        "0.0999999999999999, 0.4000000000000001, '0.1 0.2 0.3 0.4'",
        "-0.00031, -0.00002, '−4e-4 −3e-4 −2e-4 −1e-4 0'",
        "0, 0, '0 1'",
        "2, 2, '0 0.5 1 1.5 2'",
        "1e-17, -1e-17, '0 1'"
    })
    void anAxisHasRoundTicks(double one, double other, String ticks) {
        assertThat(Axis.of(List.of(one, other)).ticks().stream().map(Axis::text).collect(Collectors.joining(" ")))
                .isEqualTo(ticks.replace("e-", "e\u2212"));
    }
}
