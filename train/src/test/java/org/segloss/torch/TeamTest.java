package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.segloss.kernel.Workers;

class TeamTest {
    private static final int THREADS = 3;

    private int before;
    private volatile byte[] garbage = {};

    @BeforeEach
    void threeThreads() {
        Libtorch.require();
        before = Libtorch.threads();
        Libtorch.threads(THREADS);
    }

    @AfterEach
    void asBefore() {
        Libtorch.threads(before);
    }

    /// And the same ones each time.
    @Test
    @EnabledOnOs(OS.LINUX)
    void libtorchsThreadsHelp() {
        Set<Thread> first = meeting(new Team(), THREADS);
        assertThat(first).hasSize(THREADS).contains(Thread.currentThread());
        assertThat(first).noneMatch(thread -> thread.getName().startsWith("ForkJoinPool"));
        assertThat(meeting(new Team(), THREADS)).isEqualTo(first);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTeamIsAsLargeAsItIsAskedToBe() {
        assertThat(meeting(new Team(), 2)).hasSize(2);
        AtomicInteger here = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        new Team().during(() -> {
            Workers.run(200, 2, _ -> {
                most.accumulateAndGet(here.incrementAndGet(), Math::max);
                pause();
                here.decrementAndGet();
            });
            return null;
        });
        assertThat(most).hasValue(2);
    }

    /// {@return who did one of as many pieces, each of which waits for all others, for a while}
    private static Set<Thread> meeting(Team team, int threads) {
        long end = System.nanoTime() + 5_000_000_000L;
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger here = new AtomicInteger();
        return team.during(() -> {
            Workers.run(threads, threads, _ -> {
                seen.add(Thread.currentThread());
                here.incrementAndGet();
                while (here.get() < threads && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            });
            return seen;
        });
    }

    @Test
    void everyPieceIsDoneOnceBesideLibtorchsOperations() {
        Team team = new Team();
        for (int run = 0; run < 200; run++) {
            int pieces = 1 + run * 37 % 50;
            AtomicIntegerArray done = new AtomicIntegerArray(pieces);
            team.during(() -> {
                Workers.run(pieces, THREADS, done::incrementAndGet);
                return null;
            });
            assertThat(IntStream.range(0, pieces).map(done::get)).containsOnly(1);
            try (Scope _ = new Scope()) {
                Tensor many = Tensor.zeros("cpu", 1 << 18).fill(run);
                assertThat(many.norm()).isEqualTo(run * Math.sqrt(1 << 18));
            }
        }
    }

    @Test
    void theFailureOfTheFirstPieceIsThrown() {
        Team team = new Team();
        for (int run = 0; run < 50; run++) {
            assertThatThrownBy(() -> team.during(() -> {
                        Workers.run(100, THREADS, piece -> {
                            if (piece >= 3) {
                                throw new IllegalArgumentException("piece " + piece);
                            }
                        });
                        return null;
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("piece 3");
        }
    }

    /// Which does part of the work on the calling thread, and part on libtorch's.
    @Test
    void aPieceCanBeSharedOutItself() {
        AtomicInteger done = new AtomicInteger();
        new Team().during(() -> {
            Workers.run(20, THREADS, _ -> {
                pause();
                Workers.run(20, THREADS, _ -> done.incrementAndGet());
            });
            return null;
        });
        assertThat(done).hasValue(400);
    }

    private static void inThreads(int count, Runnable work) throws InterruptedException {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            threads[i] = new Thread(() -> {
                Libtorch.threads(THREADS);
                work.run();
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// One is helped, the other does its work alone.
    @Test
    void twoThreadsCanHaveOneTeam() throws InterruptedException {
        Team team = new Team();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger here = new AtomicInteger();
        inThreads(2, () -> {
            for (int run = 1; run <= 2000; run++) {
                // both at once, unless the other has failed
                long end = System.nanoTime() + 1_000_000_000L;
                here.incrementAndGet();
                while (here.get() < 2 * run && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                team.during(() -> {
                    Workers.run(10, THREADS, _ -> done.incrementAndGet());
                    return null;
                });
            }
        });
        assertThat(done).hasValue(2 * 2000 * 10);
    }

    /// A comparison makes hundreds.
    @Test
    @EnabledOnOs(OS.LINUX)
    void aTeamThatNobodyHasAnyMoreIsCollected() {
        WeakReference<Object> team = used();
        long end = System.nanoTime() + 20_000_000_000L;
        while (team.get() != null && System.nanoTime() < end) {
            // work for the collector
            garbage = new byte[1 << 20];
        }
        assertThat(team.get()).isNull();
    }

    private static WeakReference<Object> used() {
        Team team = new Team();
        meeting(team, THREADS);
        return new WeakReference<>(team.openMp.orElseThrow());
    }

    /// OpenMP has other threads for each, which end with the one that they help.
    @Test
    void severalThreadsHaveTeams() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            AtomicInteger done = new AtomicInteger();
            inThreads(4, () -> {
                Team team = new Team();
                for (int run = 0; run < 50; run++) {
                    team.during(() -> {
                        Workers.run(10, THREADS, _ -> done.incrementAndGet());
                        return null;
                    });
                }
            });
            assertThat(done).hasValue(4 * 50 * 10);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
