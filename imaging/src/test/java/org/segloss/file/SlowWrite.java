package org.segloss.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/// A program that says when its file is half written, and gets no further.
final class SlowWrite {
    private SlowWrite() {}

    public static void main(String[] args) throws IOException {
        AtomicFile.write(Path.of(args[0]), out -> {
            out.write(1);
            System.out.println("half written");
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException _) {
                throw new InterruptedIOException();
            }
        });
    }
}
