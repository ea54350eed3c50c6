package org.segloss.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
    // two channels of two rows: 0 1 2 / 3 4 5 and ten times that
    private static final Volume IMAGE =
            new Volume(Geometry.identity(3, 2, 1), 2, new float[] {0, 1, 2, 3, 4, 5, 0, 10, 20, 30, 40, 50});

    @Test
    void copiesItsPartOfEveryChannel() {
        float[] part = new float[5];
        new Window(0, 0, 1, 1, 1, 2).copy(IMAGE, part, 1);

        assertThat(part).containsExactly(0, 1, 2, 10, 20);
    }

    @Test
    void repeatsTheOutermostVoxelsWhereItReachesOver() {
        float[] part = new float[2 * 2 * 3 * 2];
        Window window = new Window(-1, 1, 2, 2, 3, 2);
        window.copy(IMAGE, part, 0);

        assertThat(part).startsWith(5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 50).endsWith(50);
        assertThat(window.overhangs(IMAGE.geometry())).isTrue();
    }

    @Test
    void knowsWhichOfItsVoxelsLieInside() {
        List<String> inside = new ArrayList<>();
        new Window(0, 1, -1, 1, 2, 3).forEach(IMAGE.geometry(), (voxel, source, in) -> {
            if (in) {
                inside.add(voxel + ":" + source);
            }
        });

        assertThat(inside).containsExactly("1:3", "2:4");
        assertThat(new Window(0, 0, 0, 1, 2, 3).overhangs(IMAGE.geometry())).isFalse();
    }
}
