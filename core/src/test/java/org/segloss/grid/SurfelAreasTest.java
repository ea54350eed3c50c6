package org.segloss.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurfelAreasTest {
    private static final double[] CUBE = SurfelAreas.of(1, 1, 1);

    @Test
    void simpleSurfacesByHand() {
        // a corner cut off in the middle of its edges: a triangle with sides √½
        assertThat(CUBE[1]).isCloseTo(Math.sqrt(3) / 8, within(1e-15));
        // an edge cut off: a rectangle 1 by √½
        assertThat(CUBE[0b11]).isCloseTo(Math.sqrt(0.5), within(1e-15));
        // a face: the square across the middle
        assertThat(CUBE[0b1111]).isCloseTo(1, within(1e-15));
        // two corners across a face, and across the cube: two triangles
        assertThat(CUBE[0b1001]).isCloseTo(Math.sqrt(3) / 4, within(1e-15));
        assertThat(CUBE[0b1000_0001]).isCloseTo(Math.sqrt(3) / 4, within(1e-15));
        // a corner and its three neighbours: a regular hexagon with sides √½
        assertThat(CUBE[0b1_0111]).isCloseTo(1.5 * Math.sqrt(3) * 0.5, within(1e-15));
        // three corners of a face: a triangle of 1/8 turned up, and a trapezoid on a slope
        double trapezoid = (Math.sqrt(2) + Math.sqrt(0.5)) / 2 * Math.sqrt(0.375);
        assertThat(CUBE[0b111]).isCloseTo(0.5 + trapezoid, within(1e-15));
        assertThat(CUBE[0]).isZero();
        assertThat(CUBE[255]).isZero();
    }

    /// DeepMind surface-distance 0.1: create_table_neighbour_code_to_surface_area((0.7, 1.3, 0.9)), corners in our
    /// order.
    @ParameterizedTest
    @CsvSource({
        "1, 0.20131986364986443",
        "3, 0.6644170377105031",
        "5, 0.7411140263144398",
        "6, 0.40263972729972886",
        "7, 1.1889595909495934",
        "15, 1.1700000000000002",
        "22, 0.6039595909495933",
        "23, 1.2079191818991863",
        "24, 0.40263972729972886",
        "25, 0.7547184541793308",
        "27, 1.452535763021411",
        "29, 1.4141872687194426",
        "30, 1.3902794545994577",
        "39, 1.4525357630214106",
        "43, 1.2079191818991863",
        "51, 0.63",
        "53, 1.508044986611929",
        "60, 1.3288340754210062",
        "105, 0.8052794545994577",
        "126, 0.40263972729972886",
        "129, 0.40263972729972886"
    })
    void areasAreThoseOfDeepMindsTable(int code, double area) {
        assertThat(SurfelAreas.of(0.7, 1.3, 0.9)[code]).isCloseTo(area, within(1e-14));
    }

    @Test
    void insideAndOutsideHaveOneSurface() {
        double[] areas = SurfelAreas.of(0.7, 1.3, 0.9);
        for (int code = 0; code < 256; code++) {
            assertThat(areas[code]).isEqualTo(areas[255 - code]);
        }
    }

    @Test
    void turningTheCubeTurnsTheSurface() {
        double[] areas = SurfelAreas.of(0.7, 1.3, 0.9);
        double[] turned = SurfelAreas.of(0.9, 0.7, 1.3);
        for (int code = 0; code < 256; code++) {
            int other = 0;
            for (int corner = 0; corner < 8; corner++) {
                // (z, y, x) to (x, z, y)
                int to = (corner & 1) << 2 | corner >> 1;
                other |= (code >> corner & 1) << to;
            }
            assertThat(turned[other]).as("code %d", code).isCloseTo(areas[code], within(1e-14));
            int mirrored = 0;
            for (int corner = 0; corner < 8; corner++) {
                mirrored |= (code >> corner & 1) << (corner ^ 2);
            }
            assertThat(areas[mirrored]).as("code %d", code).isCloseTo(areas[code], within(1e-14));
        }
    }
}
