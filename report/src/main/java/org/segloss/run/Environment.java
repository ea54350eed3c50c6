package org.segloss.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The machine that a run began on, as `environment.json` holds it. Another processor may round differently.
///
/// @param processor its name, or the architecture where the system doesn't tell
/// @param cores     that Java may use
/// @param system    name and version
/// @param java      version of the runtime
/// @param libtorch  version
public record Environment(String processor, int cores, String system, String java, String libtorch) {
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    /// {@return this machine}
    ///
    /// @param libtorch its version
    public static Environment here(String libtorch) throws IOException {
        return new Environment(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version().toString(),
                libtorch);
    }

    private static String processorName() throws IOException {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(PROCESSOR)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.replaceFirst("^[^:]*:\\s*", ""))
                    .orElse(architecture);
        }
    }

    /// Reads `environment.json`.
    public static Environment read(Path file) throws IOException {
        return Documents.readJson(
                file, Environment.class, "delete it and run the comparison again, which writes it anew");
    }

    public void write(Path file) throws IOException {
        Documents.writeJson(file, this);
    }
}
