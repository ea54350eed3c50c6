package org.segloss.file;

import java.nio.file.Path;
import java.util.Optional;

/// Where this machine keeps what it can have again: `XDG_CACHE_HOME/segloss`, or below `~/.cache`.
public final class CacheFolder {
    private CacheFolder() {}

    /// {@return the folder; it may not be there yet}
    public static Path ofThisMachine() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("segloss");
    }
}
