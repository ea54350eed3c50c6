package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A section of `docs/extending.md`, done as it says: its code in its file, its commands in a shell. `./segloss` is
/// there the program as it has been compiled, with the user's classes before ours on the class path.
final class Extension {
    private final Path folder;
    private final String section;

    /// Writes the code and runs the commands that compile it.
    Extension(Path folder, String heading) throws IOException, InterruptedException {
        this.folder = folder;
        String document = Files.readString(Path.of("../docs/extending.md"));
        section = found("(?sm)^# %s$(.*?)(?=^# |\\z)".formatted(Pattern.quote(heading)), document)
                .group(1);
        Matcher code = found("(?s)Put this into `(mine/\\w+\\.java)`:\\R+```java\\R(.*?)```", section);
        Files.createDirectories(folder.resolve("mine"));
        Files.writeString(folder.resolve(code.group(1)), code.group(2));
        Path program = folder.resolve("segloss");
        Files.writeString(program, """
                #!/bin/sh
                exec "$JAVA" --enable-native-access=ALL-UNNAMED -cp "$SEGLOSS_CLASSPATH:$LIBRARY" org.segloss.cli.Main "$@"
                """);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String compile = found("(?s)```sh\\R(.*?)```", section).group(1);
        String jar = "\"$(echo cli/target/app/lib/segloss-core-*.jar)\"";
        assertThat(compile).contains(jar);
        shell(0, compile.replace(jar, "\"$LIBRARY\""));
    }

    private static Matcher found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher;
    }

    /// {@return the section's command of that name}
    String command(String name) {
        return found("(?m)^ {4}(\\./segloss %s .*)$".formatted(name), section).group(1);
    }

    /// {@return what a command of the section says}, with more options behind it
    String runCommand(String name, String... options) throws IOException, InterruptedException {
        return shell(0, command(name) + " \"$@\"", options);
    }

    /// {@return what the program says}
    String run(int status, String... arguments) throws IOException, InterruptedException {
        return shell(status, "./segloss \"$@\"", arguments);
    }

    private String shell(int status, String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "-e", "-c", script, "bash"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        builder.environment().put("JAVA", bin.resolve("java").toString());
        builder.environment().merge("PATH", bin.toString(), (path, ours) -> ours + File.pathSeparator + path);
        builder.environment().put("LIBRARY", classPath());
        builder.environment().put("SEGLOSS_CLASSPATH", "mine/classes");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(status);
        return output.lines().filter(line -> !line.contains("jdk.incubator")).reduce("", (a, b) -> a + b + "\n");
    }

    /// The class path of this test, whether it runs on a class path or on a module path.
    private static String classPath() {
        return System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", "");
    }
}
