package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs that the page on clusters shows, run as they stand there.
class ExamplesTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /// One that has PySpark, if there is one.
    private static final String PYTHON = System.getenv().getOrDefault("SEGLOSS_PYTHON", "python3");

    @TempDir
    Path folder;

    @BeforeEach
    void writePairs() throws IOException {
        Path mask = folder.resolve("mask.nii.gz");
        SmallMasks.write(mask, 3);
        Files.writeString(folder.resolve("pairs.csv"), "case,prediction,reference\na,%s,%1$s\n".formatted(mask));
    }

    private static String example(String language) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "cluster.md"));
        int start = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(start, page.indexOf("\n```", start) + 1);
    }

    private String said(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        var builder = new ProcessBuilder(command);
        builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(Redirect.to(said.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        return Files.readString(said);
    }

    @Test
    void inJava() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("Score.java"), example("java"));
        String options = "@" + Path.of("src", "main", "spark.options").toAbsolutePath();
        var command = List.of(
                JAVA, options, "-Dspark.master=local[1]", "-cp", System.getProperty("java.class.path"), "Score.java");
        assertThat(said(command, Map.of())).containsPattern("dice\\|").contains("| 1.0|");
    }

    @Test
    void inPython() throws IOException, InterruptedException {
        assumeTrue(hasPySpark(), "no PySpark 4.2 in " + PYTHON + "; SEGLOSS_PYTHON names one that has it");
        String jars = "segloss.jar:segloss-cluster.jar";
        String program = example("python");
        assertThat(program).contains(jars);
        Files.writeString(folder.resolve("score.py"), program.replace(jars, StandaloneSpark.ownClassPath()));
        var environment = Map.of(
                "JAVA_HOME", System.getProperty("java.home"), "PYSPARK_SUBMIT_ARGS", "--master local[1] pyspark-shell");
        assertThat(said(List.of(PYTHON, "score.py"), environment)).contains("| 1.0|");
    }

    private static boolean hasPySpark() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import pyspark; assert pyspark.__version__.startswith('4.2')")
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
