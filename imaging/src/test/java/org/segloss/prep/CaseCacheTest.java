package org.segloss.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;

class CaseCacheTest {
    /// What a file of [#prepared] has: 72 bytes of a head and 8 for each of two labels, 48 of numbers, 8 of
    /// labels, and four places.
    private static final int SIZE = 72 + 16 + 48 + 6 + 4 * 4;

    @TempDir
    Path folder;

    private int made;

    private PreparedCase prepared() {
        made++;
        float[] values = {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6};
        return PreparedCase.of(
                new Volume(Geometry.scaled(3, 2, 1, 0.1, 0.7, 3), 2, values), new byte[] {0, 2, 1, 2, 9, 2}, Set.of(9));
    }

    private CaseCache cache(long bound) {
        return CaseCache.in(folder, bound);
    }

    private static int[] ints(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_INT);
    }

    private static void assertHolds(PreparedCase found) {
        assertThat(found.grid()).isEqualTo(Geometry.scaled(3, 2, 1, 0.1, 0.7, 3));
        assertThat(found.channels()).isEqualTo(2);
        assertThat(found.image().toArray(ValueLayout.JAVA_FLOAT))
                .containsExactly(1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6);
        assertThat(found.labels().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 2, 1, 2, 9, 2);
        assertThat(found.foreground()).hasSize(2);
        assertThat(ints(found.foreground().get(0))).containsExactly(2);
        assertThat(ints(found.foreground().get(1))).containsExactly(1, 3, 5);
    }

    private Path file(String key) {
        return folder.resolve(key + ".case");
    }

    @Test
    void aCaseIsMadeOnceForAllPrograms() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            assertHolds(cache(1000).get("a", this::prepared, arena));
            assertHolds(cache(1000).get("a", this::prepared, arena));
            assertThat(made).isEqualTo(1);
            assertThat(file("a")).hasSize(SIZE);
            Files.delete(file("a"));
            assertHolds(cache(1000).get("a", this::prepared, arena));
            assertThat(made).isEqualTo(2);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file("a"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 71, 80, SIZE - 1, SIZE + 1})
    void aFileThatIsNotWholeIsMadeAnew(int size) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            cache(1000).get("a", this::prepared, arena);
        }
        byte[] bytes = Files.readAllBytes(file("a"));
        Files.write(file("a"), Arrays.copyOf(bytes, size));
        try (Arena arena = Arena.ofConfined()) {
            assertHolds(cache(1000).get("a", this::prepared, arena));
        }
    }

    @Test
    void whatWasNotUsedForTheLongestTimeIsDeletedBeyondTheBound() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            for (String key : new String[] {"a", "b", "c"}) {
                cache(4 * SIZE).get(key, this::prepared, arena);
            }
            Files.setLastModifiedTime(file("a"), FileTime.fromMillis(3000));
            Files.setLastModifiedTime(file("b"), FileTime.fromMillis(1000));
            Files.setLastModifiedTime(file("c"), FileTime.fromMillis(2000));
            // used: no longer the oldest
            cache(4 * SIZE).get("b", this::prepared, arena);
            CaseCache small = cache(2 * SIZE);
            small.get("d", this::prepared, arena);
            assertThat(file("b")).exists();
            assertThat(file("d")).exists();
            assertThat(file("a")).doesNotExist();
            assertThat(file("c")).doesNotExist();
            // what this program uses stays, even if it is more than the bound
            small.get("b", this::prepared, arena);
            small.get("e", this::prepared, arena);
            assertThat(small.contents()).isEqualTo(new CaseCache.Contents(3, 3 * SIZE, 2 * SIZE));
            assertThat(small.delete().cases()).isEqualTo(3);
            assertThat(small.contents().bytes()).isZero();
        }
    }

    @Test
    void whereNothingCanBeWrittenTheWayOutIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        try (Arena arena = Arena.ofConfined()) {
            assertThatIOException()
                    .isThrownBy(() -> CaseCache.in(file, 1000).get("a", this::prepared, arena))
                    .withMessageContaining(file.toString())
                    .withMessageContaining("XDG_CACHE_HOME");
        }
        assertThat(file).hasContent("mine");
    }

    @Test
    void aKeySaysAllThatDecidesAPreparedCase() {
        var plain = new Preprocessing(Spacing.ONE);
        var scaled = new Preprocessing(Spacing.ONE, new TreeMap<>(Map.of(0, new IntensityScale(0, 1, 0.5, 0.1))));
        String key = CaseCache.key("x", plain, Set.of(3, 255));
        assertThat(CaseCache.key("x", new Preprocessing(new Spacing(1, 1, 1)), Set.of(255, 3)))
                .isEqualTo(key);
        assertThat(Set.of(
                        key,
                        CaseCache.key("y", plain, Set.of(3, 255)),
                        CaseCache.key("x", scaled, Set.of(3, 255)),
                        CaseCache.key("x", new Preprocessing(new Spacing(1, 1, 2)), Set.of(3, 255)),
                        CaseCache.key("x", plain, Set.of(3))))
                .hasSize(5);
    }
}
