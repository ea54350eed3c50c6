package org.segloss.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComponentsTest {

    @Test
    void cornersConnectAndNumbersFollowTheFirstVoxels() {
        byte[] mask = {
            0, 1, 0, 0, 5, //
            1, 0, 0, 0, 0, //
            0, 0, -1, 1, 1,
        };
        assertThat(Components.of(mask, new Grid(1, 3, 5, 1, 1, 1)))
                .containsExactly(0, 1, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 3, 3, 3);
        // the corner of a cube
        assertThat(Components.of(new byte[] {1, 0, 0, 0, 0, 0, 0, 1}, new Grid(2, 2, 2, 1, 1, 1)))
                .containsExactly(1, 0, 0, 0, 0, 0, 0, 1);
        // the end of a row and the begin of the next don't touch
        assertThat(Components.of(new byte[] {0, 0, 1, 1, 0, 0}, new Grid(1, 2, 3, 1, 1, 1)))
                .containsExactly(0, 0, 1, 2, 0, 0);
    }

    /// The smallest index of all that can be reached, passed on from neighbour to neighbour until none
    /// changes.
    @ParameterizedTest
    @CsvSource({"1, 30, 31, 0.4", "9, 10, 11, 0.15", "1, 1, 50, 0.5", "6, 7, 8, 1", "6, 7, 8, 0"})
    void voxelsAreTogetherIfTheyReachEachOther(int z, int y, int x, double share) {
        Random random = new Random(1);
        byte[] mask = new byte[z * y * x];
        int[] least = new int[mask.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (random.nextDouble() < share ? 1 : 0);
            least[i] = mask[i] != 0 ? i : Integer.MAX_VALUE;
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < mask.length; i++) {
                for (int j = 0; j < mask.length; j++) {
                    boolean touch = mask[i] != 0
                            && mask[j] != 0
                            && Math.abs(i / x / y - j / x / y) <= 1
                            && Math.abs(i / x % y - j / x % y) <= 1
                            && Math.abs(i % x - j % x) <= 1;
                    if (touch && least[j] < least[i]) {
                        least[i] = least[j];
                        changed = true;
                    }
                }
            }
        }
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] expected = new int[mask.length];
        for (int i = 0; i < mask.length; i++) {
            expected[i] = mask[i] == 0 ? 0 : numbers.computeIfAbsent(least[i], _ -> numbers.size() + 1);
        }
        assertThat(Components.of(mask, new Grid(z, y, x, 1, 1, 1))).isEqualTo(expected);
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Components.of(new byte[5], new Grid(1, 2, 3, 1, 1, 1)))
                .withMessageContainingAll("mask has 5 voxels", "has 6");
    }
}
