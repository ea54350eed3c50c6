package org.segloss.torch;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/// The native library behind all tensors.
public final class Libtorch {
    static final String PUBLISHED = "linux-x86_64, macosx-arm64, macosx-x86_64, windows-x86_64";

    // asking the loader again takes half a millisecond
    private static volatile boolean loaded;

    private Libtorch() {}

    /// Loads libtorch, on the first call.
    ///
    /// @throws IllegalStateException if it is missing for this platform; says which platforms have it
    public static void require() {
        if (loaded) {
            return;
        }
        try {
            Loader.load(torch.class);
            loaded = true;
        } catch (LinkageError e) {
            throw new IllegalStateException(missing(Loader.getPlatform(), reason(e)), e);
        }
    }

    /// {@return the version of the library's package}, `unknown` where it doesn't say
    public static String version() {
        return Optional.ofNullable(torch.class.getPackage().getImplementationVersion())
                .orElse("unknown");
    }

    private static String reason(Throwable e) {
        return e.getCause() == null ? e.getMessage() : reason(e.getCause());
    }

    static String missing(String platform, String reason) {
        return ("training and prediction need libtorch, and its native library for %s cannot be loaded (%s); "
                        + "org.bytedeco:pytorch is published for %s: "
                        + "put the jars of pytorch, openblas and javacpp for this platform on the class path")
                .formatted(platform, reason, PUBLISHED);
    }

    /// Loads libtorch and checks that it can compute on a device.
    ///
    /// @param device `cpu`, `cuda` or `cuda:N`
    /// @throws IllegalArgumentException if libtorch has no such device
    /// @throws IllegalStateException    if libtorch is missing
    public static void require(String device) {
        require();
        try (Device found = new Device(device)) {
            if (found.is_cuda() && !torch.cuda_is_available()) {
                throw new IllegalArgumentException(
                        "device %s needs CUDA, but this libtorch finds none; use cpu, or see 'On an NVIDIA GPU' in docs/guide.md"
                                .formatted(device));
            }
            if (found.is_cuda()) {
                exactOnCuda();
            }
            if (!found.is_cuda() && !found.is_cpu()) {
                throw new IllegalArgumentException(unknown(device));
            }
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(unknown(device), e);
        }
    }

    /// Convolutions give the same bits each time, and multiply floats as floats, not as numbers of ten bits (TF32): for
    /// speed there is bfloat16.
    private static void exactOnCuda() {
        torch.globalContext().setDeterministicCuDNN(true);
        torch.globalContext().setAllowTF32CuDNN(false);
        torch.globalContext().setAllowTF32CuBLAS(false);
    }

    /// Sets with how many threads an operation computes on the CPU from now on, in the whole program. Left alone,
    /// libtorch takes `OMP_NUM_THREADS` or one for each core.
    ///
    /// There is no more to set: its other pool, of operations beside each other, serves scripts, which we have none
    /// of.
    public static void threads(int count) {
        require();
        torch.set_num_threads(count);
        // libtorch's threads call OpenBLAS side by side: threads of its own, one a core unless told otherwise, would
        // only spin beside them
        openblas_nolapack.blas_set_num_threads(1);
    }

    /// {@return with how many threads an operation computes on the CPU}
    public static int threads() {
        return torch.get_num_threads();
    }

    private static String unknown(String device) {
        return "unknown device '%s'; known: cpu, cuda, cuda:N".formatted(device);
    }
}
