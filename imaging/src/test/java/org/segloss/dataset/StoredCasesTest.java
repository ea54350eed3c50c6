package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

class StoredCasesTest {
    private final List<String> read = new ArrayList<>();

    /// 10 voxels: 50 bytes.
    private Case read(String id) throws IOException {
        read.add(id);
        if (id.startsWith("bad")) {
            throw new IOException(id + " is damaged");
        }
        Geometry grid = Geometry.identity(10, 1, 1);
        return new Case(id, new Volume(grid, 1, new float[10]), new Labels(grid, new byte[10]));
    }

    @Test
    void fewAreReadOnce() throws IOException {
        StoredCases cases = StoredCases.read(List.of("a", "b"), this::read, 100);
        assertThat(cases.areKept()).isTrue();
        List<Case> list = cases.of(List.of("b", "a"));
        assertThat(list).extracting(Case::id).containsExactly("b", "a");
        assertThat(list.get(0)).isSameAs(cases.get("b"));
        assertThat(read).containsExactly("a", "b");
    }

    @Test
    void manyAreReadWhenTheyAreAskedFor() throws IOException {
        StoredCases cases = StoredCases.read(List.of("a", "b", "c"), this::read, 149);
        assertThat(cases.areKept()).isFalse();
        List<Case> list = cases.of(List.of("b", "a")).subList(0, 1);
        assertThat(read).containsExactly("a", "b", "c");
        assertThat(list.get(0).id()).isEqualTo("b");
        assertThat(read).containsExactly("a", "b", "c", "b");
    }

    @Test
    void allBadOnesAreNamedAtOnce() {
        assertThatIOException()
                .isThrownBy(() -> StoredCases.read(List.of("bad1", "a", "bad2"), this::read, 0))
                .withMessageContaining("bad1 is damaged")
                .withMessageContaining("bad2 is damaged");
    }
}
