package org.segloss.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.segloss.kernel.Crew;
import org.segloss.kernel.Workers;

/// libtorch's threads, lent to the losses and norms between its operations.
///
/// Threads of our own would meet libtorch's on the same cores: these stay awake for a while, for the next operation,
/// and those that wake up beside them wait.
///
/// libtorch's threads are those of GNU's OpenMP, on Linux; elsewhere they stay what they are, and ours help. A team
/// helps one thread at a time.
public final class Team {
    final Optional<Crew> openMp = OpenMp.loaded();

    /// {@return what `work` gives}, with libtorch's threads to help
    public <T> T during(Supplier<T> work) {
        return openMp.isPresent() ? Workers.helpedBy(openMp.get(), work) : work.get();
    }

    /// The threads of GNU's OpenMP, in parallel regions as a compiler would begin them.
    private static final class OpenMp implements Crew {
        // as JavaCPP calls it
        private static final String LIBRARY = "gomp@.1";

        private final MethodHandle parallel;
        private final MemorySegment body;
        private final Region region = new Region();

        /// @param function `void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags)`, as
        ///                 it has been since GCC 4.9
        @SuppressWarnings("restricted")
        private OpenMp(MemorySegment function) {
            Linker linker = Linker.nativeLinker();
            parallel = linker.downcallHandle(
                    function,
                    FunctionDescriptor.ofVoid(
                            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            try {
                MethodHandle part = MethodHandles.lookup()
                        .findVirtual(Region.class, "part", MethodType.methodType(void.class, long.class));
                // the data as a number: an object for an address could find no memory, which would end the program
                body = linker.upcallStub(
                        part.bindTo(region), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), Arena.ofAuto());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }

        /// {@return the threads of the very library that libtorch has loaded}, if it is known where that lies
        @SuppressWarnings("restricted")
        static Optional<Crew> loaded() {
            Libtorch.require();
            // a library of the system's has a name and no path
            return Optional.ofNullable(Loader.getLoadedLibraries().get(LIBRARY))
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .flatMap(path ->
                            SymbolLookup.libraryLookup(path, Arena.ofAuto()).find("GOMP_parallel"))
                    .map(OpenMp::new);
        }

        @Override
        public void work(int threads, Runnable work) {
            if (!region.work.compareAndSet(null, work)) {
                // from inside a region, where OpenMP would give it no other thread, or beside one
                work.run();
                return;
            }
            region.places.set(threads);
            try {
                // always as many as libtorch has: OpenMP ends threads that a region has no use for
                parallel.invokeExact(body, MemorySegment.NULL, Libtorch.threads(), 0);
                // by this the memory model knows, too, that all is written
                if (region.places.get() != threads) {
                    throw new AssertionError("somebody is still at it");
                }
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                region.work.set(null);
            }
        }
    }

    /// What OpenMP's threads are given to do. It knows nothing of the stub that leads to it, or neither would ever be
    /// collected.
    private static final class Region {
        final AtomicReference<Runnable> work = new AtomicReference<>();
        // how many more may do it
        final AtomicInteger places = new AtomicInteger();

        // an exception that left this would end the program; work throws none
        void part(long data) {
            if (places.getAndDecrement() > 0) {
                work.get().run();
            }
            places.getAndIncrement();
        }
    }
}
