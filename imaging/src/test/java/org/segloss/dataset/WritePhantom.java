package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;

/// A program that writes a phantom.
final class WritePhantom {
    private WritePhantom() {}

    public static void main(String[] args) throws IOException {
        new Phantom(1, 11, 0, 1).write(Path.of(args[0]));
    }
}
