package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ScopeTest {

    /// Works in one scope for a second, then in another.
    static final class Work {
        private Work() {}

        static void main() throws InterruptedException {
            try (Scope _ = new Scope()) {
                IO.println("first began");
                Thread.sleep(1000);
                IO.println("first ended");
            }
            try (Scope _ = new Scope()) {
                IO.println("second began");
            }
        }
    }

    // there a process that is stopped has no say in how it ends
    @DisabledOnOs(OS.WINDOWS)
    @Test
    void aProcessThatIsStoppedEndsWhenItsOpenScopeHasAndOpensNoOther() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Work.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("first began");
            // unlike the process itself, its handle leaves the output open
            process.toHandle().destroy();

            assertThat(lines.readAllLines()).containsExactly("first ended");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }
}
