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
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.segloss.kernel.Crew;
import org.segloss.kernel.Workers;

/// libtorch's threads, lent to the losses and norms between its operations.
///
/// Threads of our own would meet libtorch's on the same cores: these wait for the next operation awake, for a while,
/// and
/// those that wake up beside them are put on one core with the calling thread, where an operation takes twice its
/// time until the system moves one of them away.
///
/// libtorch's threads are those of GNU's OpenMP, on Linux; elsewhere they stay what they are, and ours help. For one
/// thread at a time.
public final class Team {
    private final Optional<Crew> openMp = OpenMp.loaded();

    /// {@return what `work` gives}, with libtorch's threads to help
    public <T> T during(Supplier<T> work) {
        return openMp.isPresent() ? Workers.helpedBy(openMp.get(), work) : work.get();
    }

    /// The threads of a parallel region of GNU's OpenMP, as a compiler would begin one.
    private static final class OpenMp implements Crew {
        // as JavaCPP calls it
        private static final String LIBRARY = "gomp@.1";

        private final MethodHandle parallel;
        private final MemorySegment body;

        // of the region that there is, if any: what is to be done, and how many more may do it
        private volatile Runnable work;
        private final AtomicInteger places = new AtomicInteger();

        @SuppressWarnings("restricted") // of GNU's OpenMP, whose binary interface has been the same since GCC 4.9
        private OpenMp(SymbolLookup library) {
            Linker linker = Linker.nativeLinker();
            // void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags)
            parallel = linker.downcallHandle(
                    library.findOrThrow("GOMP_parallel"),
                    FunctionDescriptor.ofVoid(
                            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            try {
                MethodHandle part = MethodHandles.lookup()
                        .findVirtual(OpenMp.class, "part", MethodType.methodType(void.class, MemorySegment.class));
                body = linker.upcallStub(
                        part.bindTo(this), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS), Arena.ofAuto());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }

        @SuppressWarnings("restricted") // the very library that libtorch has loaded
        static Optional<Crew> loaded() {
            Libtorch.require();
            return Optional.ofNullable(Loader.getLoadedLibraries().get(LIBRARY))
                    .map(path -> new OpenMp(SymbolLookup.libraryLookup(Path.of(path), Arena.ofAuto())));
        }

        @Override
        public void work(int threads, Runnable work) {
            if (this.work != null) {
                // from inside a region: OpenMP would give it no other thread
                work.run();
                return;
            }
            this.work = work;
            places.set(threads);
            try {
                // always as many as libtorch has: OpenMP ends threads that a region has no use for
                parallel.invokeExact(body, MemorySegment.NULL, Libtorch.threads(), 0);
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                this.work = null;
            }
            // by this the memory model knows, too, that all is written
            if (places.get() != threads) {
                throw new AssertionError("somebody is still at it");
            }
        }

        // an exception that left this would end the program; work throws none
        private void part(MemorySegment data) {
            if (places.getAndDecrement() > 0) {
                work.run();
            }
            places.getAndIncrement();
        }
    }
}
