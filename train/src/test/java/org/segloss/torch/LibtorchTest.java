package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.junit.jupiter.api.Test;

class LibtorchTest {

    @Test
    void computesOnTheCpu() {
        assertThatCode(() -> Libtorch.require("cpu")).doesNotThrowAnyException();
    }

    @Test
    void aMissingLibraryIsExplainedWithThePlatformAndThePublishedOnes() {
        assertThat(Libtorch.missing("linux-riscv64", "no jnitorch"))
                .contains(
                        "linux-riscv64 cannot be loaded (no jnitorch)",
                        "linux-x86_64, macosx-arm64, macosx-x86_64, windows-x86_64");
    }

    @Test
    void anUnknownDeviceIsAnsweredWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Libtorch.require("gpu"))
                .withMessage("unknown device 'gpu'; known: cpu, cuda, cuda:N");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Libtorch.require("meta"))
                .withMessageStartingWith("unknown device 'meta'");
    }

    /// However many threads an operation has, its matrix products add none.
    @Test
    void openBlasHasNoThreadsOfItsOwn() {
        int before = Libtorch.threads();
        openblas_nolapack.blas_set_num_threads(2);
        // else nothing would show who set it back
        assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(2);
        try {
            Libtorch.threads(3);
            assertThat(openblas_nolapack.blas_get_num_threads()).isOne();
        } finally {
            Libtorch.threads(before);
        }
    }
}
