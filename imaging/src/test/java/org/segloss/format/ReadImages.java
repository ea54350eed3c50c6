package org.segloss.format;

import java.nio.file.Path;

/// A program that reads images and prints what is wrong with them.
public final class ReadImages {
    private ReadImages() {}

    public static void main(String[] args) {
        for (String arg : args) {
            System.out.println(Images.inspect(Path.of(arg)).findings());
        }
    }
}
