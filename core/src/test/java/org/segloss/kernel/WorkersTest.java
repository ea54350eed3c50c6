package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    void theFailureOfTheFirstPieceIsThrown() {
        for (int repetition = 0; repetition < 50; repetition++) {
            assertThatThrownBy(() -> Workers.run(100, 4, new Pool<>(() -> ""), (_, piece) -> {
                        if (piece >= 3) {
                            throw new IllegalArgumentException("piece " + piece);
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("piece 3");
        }
    }

    /// Or a thread would go on to write into memory that is the caller's again.
    @Test
    void afterAnErrorNobodyWorksAnyMore() {
        AtomicInteger working = new AtomicInteger();
        assertThatThrownBy(() -> Workers.run(1000, 4, new Pool<>(() -> ""), (_, piece) -> {
                    working.incrementAndGet();
                    try {
                        Thread.sleep(piece == 0 ? 1 : 30);
                        if (piece == 0) {
                            throw new AssertionError("no");
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    } finally {
                        working.decrementAndGet();
                    }
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(working).hasValue(0);
    }

    @Test
    void aToolThatFailedIsNotUsedAgain() {
        Pool<int[]> tools = new Pool<>(() -> new int[1]);
        assertThatThrownBy(() -> Workers.run(1, 1, tools, (tool, _) -> {
                    tool[0] = 1;
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        Workers.run(1, 1, tools, (tool, _) -> assertThat(tool[0]).isZero());
    }

    @Test
    void aToolIsKeptForTheNextUse() {
        Pool<int[]> tools = new Pool<>(() -> new int[1]);
        Workers.run(1, 1, tools, (tool, _) -> tool[0] = 1);
        Workers.run(1, 1, tools, (tool, _) -> assertThat(tool[0]).isEqualTo(1));
    }

    /// With the same threads, after a failure too.
    @Test
    void workersDoEachPieceOfEveryRun() {
        int[] done = new int[200];
        int[] bad = {-1};
        Workers<String> workers = new Workers<>(new Pool<>(() -> ""), (_, piece) -> {
            if (piece == bad[0]) {
                throw new IllegalStateException("piece " + piece);
            }
            done[piece]++;
        });
        for (int run = 0; run < 50; run++) {
            int pieces = 1 + run * 37 % 200;
            Arrays.fill(done, 0);
            workers.run(pieces, 3);
            assertThat(Arrays.copyOf(done, pieces)).containsOnly(1);
            assertThat(Arrays.stream(done).sum()).isEqualTo(pieces);
            bad[0] = pieces / 2;
            assertThatThrownBy(() -> workers.run(pieces, 3)).hasMessage("piece " + pieces / 2);
            bad[0] = -1;
        }
    }
}
