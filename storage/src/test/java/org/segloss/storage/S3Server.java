package org.segloss.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A server of S3 on this machine's loopback, a process of its own: S3Proxy on a folder, which has a bucket for each
/// of its folders.
public final class S3Server implements AutoCloseable {
    static final String KEY = "AKIDTEST";
    /// Found again in whatever it is written to.
    public static final String SECRET = "wJalrXUtnFEMI-found-again-bPxRfiCYEXAMPLEKEY";
    static final String PORT = "port ";

    private final Path folder;
    private Process process;
    private int port;

    /// @param folder where the server keeps what it is given
    public S3Server(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("bucket"));
        start(0);
    }

    private void start(int wanted) throws IOException {
        process = program("serve", folder.toString(), Integer.toString(wanted))
                .redirectError(Redirect.to(folder.resolveSibling("s3.log").toFile()))
                .start();
        var said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        while (line != null && !line.startsWith(PORT)) {
            line = said.readLine();
        }
        if (line == null) {
            throw new IOException(Files.readString(folder.resolveSibling("s3.log")));
        }
        port = Integer.parseInt(line.substring(PORT.length()));
    }

    /// {@return what a program needs to find it}
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + port,
                "AWS_ACCESS_KEY_ID",
                KEY,
                "AWS_SECRET_ACCESS_KEY",
                SECRET,
                "AWS_REGION",
                "us-east-1",
                "AWS_EC2_METADATA_DISABLED",
                "true");
    }

    /// Puts a folder's files into a folder of the bucket.
    public void put(Path from, String to) throws IOException, InterruptedException {
        var builder = program("put", from.toString(), "s3a://bucket/" + to).inheritIO();
        builder.environment().putAll(environment());
        if (builder.start().waitFor() != 0) {
            throw new IOException("%s is not in the bucket".formatted(from));
        }
    }

    private static ProcessBuilder program(String... arguments) throws IOException {
        Path module = Path.of("..", "storage", "target");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                "%s:%s:%s"
                        .formatted(
                                module.resolve("test-classes"),
                                module.resolve("classes"),
                                Files.readString(module.resolve("server.classpath"))
                                        .strip()),
                S3Process.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /// {@return where a bucket's objects lie}
    public Path bucket() {
        return folder.resolve("bucket");
    }

    public void stop() {
        process.destroyForcibly().onExit().join();
    }

    /// Is there again after it was stopped, with what it has.
    public void restart() throws IOException {
        start(port);
    }

    @Override
    public void close() {
        stop();
    }
}
