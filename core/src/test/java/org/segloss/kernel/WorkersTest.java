package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void aToolIsMadeReadyAndCleanedEachTime() {
        Pool<int[]> tools = new Pool<>(() -> new int[1]);
        for (int use = 1; use <= 2; use++) {
            int expected = use;
            Workers.run(
                    1,
                    1,
                    tools.with(tool -> tool[0] += expected, tool -> tool[0] = 0),
                    (tool, _) -> assertThat(tool[0]).isEqualTo(expected));
        }
    }
}
