package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.loss.Task;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;

/// A program of a user, in a module of its own, in a process that finds everything on its module path: there what isn't
/// exported or opened fails that works on a class path, such as trees that are read into records, and templates.
class ModulePathTest {
    @TempDir
    Path folder;

    @Test
    void aModuleRepeatsARunAndWritesItsReport() throws Exception {
        Path data = SmallData.write(folder.resolve("data"));
        RunFolder run = new RunFolder(folder.resolve("run"));
        Run.of(SmallData.experiment(data, Task.Kind.BINARY, 1, "bce")).in(run, Progress.silent());
        Files.createDirectories(folder.resolve("sources/mine"));
        Files.writeString(folder.resolve("sources/module-info.java"), """
                module mine {
                    requires org.segloss.report;
                    requires org.segloss.experiment;
                }
                """);
        Files.writeString(folder.resolve("sources/mine/Main.java"), """
                package mine;

                import java.nio.file.Path;
                import org.segloss.compare.Comparison;
                import org.segloss.experiment.Experiment;
                import org.segloss.experiment.Run;
                import org.segloss.report.Report;
                import org.segloss.run.Progress;
                import org.segloss.run.RunFolder;

                public final class Main {
                    public static void main(String[] names) throws Exception {
                        Experiment experiment = Experiment.of(new RunFolder(Path.of(names[0])).settings());
                        RunFolder copy = new RunFolder(Path.of(names[1]));
                        Comparison comparison = Run.of(experiment).in(copy, Progress.silent());
                        Report.write(copy);
                        System.out.println(Main.class.getModule() + " compared " + comparison.losses().size());
                    }
                }
                """);
        String library = System.getProperty("jdk.module.path", "")
                + File.pathSeparator
                + System.getProperty("java.class.path", "");
        Path classes = folder.resolve("classes");
        run(
                "javac",
                "-d",
                classes,
                "-proc:none",
                "-p",
                library,
                "--module-source-path",
                "mine=" + folder.resolve("sources"),
                "-m",
                "mine");
        Path copy = folder.resolve("copy");
        String said = run(
                "java",
                "--add-modules",
                natives(library) + ",jdk.incubator.vector",
                "--enable-native-access=org.bytedeco.javacpp",
                "-p",
                classes + File.pathSeparator + library,
                "-m",
                "mine/mine.Main",
                run.root(),
                copy);
        assertThat(said).contains("module mine compared 1");
        assertThat(copy.resolve("scores.csv")).hasSameBinaryContentAs(run.scores());
        assertThat(copy.resolve("report.html")).isNotEmptyFile();
    }

    /// Nothing requires libtorch's native libraries, whose modules are those of a platform.
    private static String natives(String library) {
        Path[] entries =
                Stream.of(library.split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
        return ModuleFinder.of(entries).findAll().stream()
                .map(module -> module.descriptor().name())
                .filter(name -> name.startsWith("org.bytedeco."))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private String run(String program, Object... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>(
                List.of(Path.of(System.getProperty("java.home"), "bin", program).toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
