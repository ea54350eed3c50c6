package org.segloss.process;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A Java program beside the tests: one that can be interrupted, or that has little memory.
public final class Child {
    private Child() {}

    /// @param option of the Java machine
    public static Process start(String option, Class<?> program, Path... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                classPath(program),
                program.getName()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /// The tests run as a module, which their classes are patched into; a child is started from the class path.
    private static String classPath(Class<?> program) {
        try {
            String name = program.getName().replace('.', '/') + ".class";
            Path file = Path.of(Objects.requireNonNull(program.getResource("/" + name), name)
                    .toURI());
            Path classes = file.getRoot().resolve(file.subpath(0, file.getNameCount() - name.split("/").length));
            return Stream.of(
                            classes.toString(),
                            System.getProperty("java.class.path", ""),
                            System.getProperty("jdk.module.path", ""))
                    .filter(path -> !path.isEmpty())
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
