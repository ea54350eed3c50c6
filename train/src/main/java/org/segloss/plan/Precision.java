package org.segloss.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The numbers of a network's features.
public enum Precision {
    FLOAT32,
    /// Half the memory, and on processors with instructions for it half the time; eight bits of significand.
    BFLOAT16;

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    /// {@return bfloat16 where the processor has instructions for it (`avx512_bf16` or `amx_bf16`) and says so, as
    /// Linux does; else float}
    public static Precision fastest() {
        try {
            String facts = Files.readString(PROCESSOR, StandardCharsets.UTF_8);
            return facts.contains("avx512_bf16") || facts.contains("amx_bf16") ? BFLOAT16 : FLOAT32;
        } catch (IOException _) {
            return FLOAT32;
        }
    }

    /// {@return the name as on the command line and in files}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
