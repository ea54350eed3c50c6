package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
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

    /// By the calling thread, where the pool has none to spare: nobody waits for a helper that hasn't begun.
    @Test
    void aBusyPoolHoldsNobodyUp() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(ForkJoinPool.getCommonPoolParallelism());
        CountDownLatch release = new CountDownLatch(1);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Workers<IntConsumer> workers = Workers.of(_ -> threads.add(Thread.currentThread()));
        try {
            for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    busy.countDown();
                    awaits(release);
                });
            }
            busy.await();
            workers.run(100, 3);
            assertThat(threads).containsExactly(Thread.currentThread());
        } finally {
            release.countDown();
        }

        // helpers of that run may begin now, but this one is for the calling thread alone
        for (int i = 0; i < 100; i++) {
            workers.run(100, 1);
        }
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void aWaitIsNotCutShort() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Thread caller = Thread.currentThread();
        caller.interrupt();
        Workers.run(2, 2, _ -> {
            meet(begun, 2);
            if (Thread.currentThread() != caller) {
                LockSupport.parkNanos(30_000_000);
            }
            done.incrementAndGet();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).hasValue(2);
    }

    @Test
    void aWaitLeavesNothing() {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        AtomicInteger begun = new AtomicInteger();
        Thread caller = Thread.currentThread();
        Workers<IntConsumer> workers = Workers.of(_ -> {
            meet(begun, 2);
            while (Thread.currentThread() != caller && caller.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
        });
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            begun.set(0);
            long before = memory.getCurrentThreadAllocatedBytes();
            workers.run(2, 2);
            least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    @Test
    void thereAreNoMoreWorkersThanAreAskedFor() {
        AtomicInteger here = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Workers.run(200, 2, _ -> {
            most.accumulateAndGet(here.incrementAndGet(), Math::max);
            LockSupport.parkNanos(200_000);
            here.decrementAndGet();
        });
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    /// Which does part of the work on the calling thread, and part on the pool's.
    @Test
    void aPieceCanBeSharedOutItself() {
        AtomicInteger done = new AtomicInteger();
        Workers.run(20, 3, _ -> {
            LockSupport.parkNanos(1_000_000);
            Workers.run(20, 3, _ -> done.incrementAndGet());
        });
        assertThat(done).hasValue(400);
    }

    @Test
    void severalThreadsHaveWorkers() throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int run = 0; run < 500; run++) {
                    Workers.run(10, 3, _ -> done.incrementAndGet());
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done).hasValue(4 * 500 * 10);
    }

    /// Waits for as many threads to be here.
    private static void meet(AtomicInteger here, int threads) {
        here.incrementAndGet();
        while (here.get() < threads) {
            Thread.onSpinWait();
        }
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
