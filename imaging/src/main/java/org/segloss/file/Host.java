package org.segloss.file;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The machine that this program runs on.
///
/// @param name for people
/// @param id   the same for programs whose process numbers mean the same: on Linux the system's start and the
///             container, of which several may have one name, elsewhere the name
public record Host(String name, String id) {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path START = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path CONTAINER = Path.of("/proc/self/ns/pid");

    private static final Host HERE = find();

    /// {@return this machine}
    public static Host here() {
        return HERE;
    }

    private static Host find() {
        String name = line(NAME).orElseGet(Host::named);
        return new Host(
                name, line(START).map(start -> start + " " + container()).orElse(name));
    }

    private static String named() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    private static String container() {
        try {
            return Files.readSymbolicLink(CONTAINER).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static Optional<String> line(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(line -> !line.isEmpty());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
