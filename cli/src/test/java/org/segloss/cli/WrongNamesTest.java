package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.cli.CommandLineTest.Call;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// A name of something else than was expected: a folder for a file, a file for a folder, of nothing at all. The answer
/// says what was given, and what to do.
class WrongNamesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeSome() throws IOException {
        Files.createDirectories(folder.resolve("dir"));
        Files.writeString(folder.resolve("file"), "");
        assertThat(segloss("phantom", folder.resolve("data"), "--train", 1, "--test", 1)
                        .status())
                .isZero();
        Files.writeString(folder.resolve("scores.csv"), """
                loss,case,metric,value
                bce,a,dice,0.5
                """);
        Files.createDirectories(folder.resolve("images"));
        Files.copy(folder.resolve("data/labelsTr/phantom_000.nii.gz"), folder.resolve("images/a.nii.gz"));
    }

    /// {@return the call of a line, in which names that begin with `@` lie in the folder}
    private Call call(String line) {
        return segloss((Object[]) line.replace("@", folder + "/").split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    report --scores @dir --out @out | @dir: this is a folder. Give a table as a CSV file.
                    report --scores @none --out @out | @none: there is no such file. Check the name.
                    report --scores @file/x --out @out | @file/x: there is no such file. Check the name.
                    report --scores @scores.csv --out @file | @file is a file, where a folder was expected or could be made; name another folder
                    report --scores @scores.csv --out @file/x | @file is a file, where a folder was expected or could be made; name another folder
                    report @file | @file: this is a file. Give the --out of a comparison
                    report @none | @none: there is no such folder. Give the --out of a comparison
                    compare --config @dir --out @out | @dir: this is a folder. Give the experiment.yaml of a run.
                    compare --config @none --out @out | @none: there is no such file. Check the name.
                    compare --data @file --out @out | @file: this is a file. Give the folder of a data set.
                    compare --data @none --out @out | @none: there is no such folder. Give the folder of a data set.
                    compare --data @data --split @dir --out @out | @dir: this is a folder. Give a JSON file.
                    compare --data @data --split @none --out @out | @none: there is no such file. Check the name.
                    compare --data @data --groups @dir --out @out | @dir: this is a folder. Give a table as a CSV file.
                    compare --data @data --out @file | @file is a file, where a folder was expected
                    train --data @data --loss dice --split @dir --out @out | @dir: this is a folder. Give a JSON file.
                    train --data @data --loss dice --out @file/x | @file is a file, where a folder was expected
                    predict --checkpoint @dir --image @images --out @out | @dir: this is a folder. Give the checkpoint.safetensors of a training.
                    predict --checkpoint @none --image @images --out @out | @none: there is no such file. Check the name.
                    predict --checkpoint @none --image @nowhere --out @out | @nowhere: there is no such file or folder. Check the name.
                    evaluate --prediction @none --reference @images | @none: there is no such file or folder. Check the name.
                    evaluate --prediction @images --reference @none | @none: there is no such file or folder. Check the name.
                    evaluate --prediction @images --reference @images --probabilities @none | @none: there is no such file or folder. Check the name.
                    evaluate --prediction @images --reference @images --csv @dir | @dir: this is a folder, where a file was expected
                    evaluate --prediction @images --reference @images --csv @file/x | @file is a file, where a folder was expected
                    evaluate --prediction @images --reference @images --csv @x.csv --groups @dir | @dir: this is a folder. Give a table as a CSV file.
                    loss dice --prediction @dir --target @none | @dir: this is a folder. Give an image file.
                    loss dice --prediction @none --target @none | @none: there is no such file. Check the name.
                    loss dice --prediction @images/a.nii.gz --target @dir | @dir: this is a folder. Give an image file.
                    loss dice --prediction @images/a.nii.gz --target @images/a.nii.gz --mask @dir | @dir: this is a folder. Give an image file.
                    validate @file | @file: this is a file. Give the folder of a data set.
                    validate @none | @none: there is no such folder. Give the folder of a data set.
                    phantom @file | @file: this is a file. Give the name of a new folder.
                    phantom @file/x | @file is a file, where a folder was expected
                    """)
    void whatIsNamedWronglyIsSaidWithWhatToDo(String line, String answer) throws IOException {
        Call call = call(line);
        assertThat(call.err() + call.out())
                .contains(answer.replace("@", folder + "/"))
                .doesNotContain("tmp:", "Exception");
        assertThat(call.status()).isNotZero();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    /// Every option and parameter of every command that takes the name of a file or folder.
    static List<List<String>> names() {
        return names(Set.of(Path.class, Location.class));
    }

    /// Those that take one of this machine alone.
    static List<List<String>> paths() {
        return names(Set.of(Path.class));
    }

    private static List<List<String>> names(Set<Class<?>> types) {
        var names = new ArrayList<List<String>>();
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            for (ArgSpec argument : command.getCommandSpec().args()) {
                if (types.contains(argument.typeInfo().getType())
                        || types.contains(argument.typeInfo().getAuxiliaryTypes()[0])) {
                    names.add(
                            argument instanceof OptionSpec option
                                    ? List.of(command.getCommandName(), option.longestName(), "")
                                    : List.of(command.getCommandName(), ""));
                }
            }
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameOfNoLettersIsRefused(List<String> call) {
        assertThat(segloss(call.toArray()).err())
                .contains("Invalid value for ", ": the name is empty. Give one; the folder you are in is '.'");
        assertThat(names()).hasSizeGreaterThan(20);
    }

    /// It would be made as the folder `s3a:`.
    @ParameterizedTest
    @MethodSource("paths")
    void aUrlIsRefusedWhereAFileOfThisMachineIsMeant(List<String> call) {
        var arguments = new ArrayList<>(call);
        arguments.removeLast();
        arguments.add("s3a://bucket/name");
        Call refused = segloss(arguments.toArray());
        assertThat(refused.err())
                .contains("Invalid value for ", ": this is a URL, and a file or folder of this machine was expected");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(paths()).hasSizeGreaterThan(15).doesNotContain(List.of("compare", "--out", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    compare --data s3://bucket/data --out @out | write s3a://bucket/data
                    compare --data s3a://bucket/a --out s3a://bucket/a/run | s3a://bucket/a/run and s3a://bucket/a lie in one another; give an --out elsewhere
                    compare --data @data --out s3a://key:hidden@bucket/run | a URL must not hold credentials
                    compare --prepare --out s3a://bucket/run | Say with --data which data other machines are to read
                    compare --data s3a://bucket/data --test 1 --out @out | nothing here knows object stores: start with the script segloss
                    cell s3a://bucket/run 0 | nothing here knows object stores: start with the script segloss
                    compare --data @data --spark local --spark-conf spark.hadoop.fs.s3a.secret.key=hidden --threads 1 | spark.hadoop.fs.s3a.secret.key on a command line is seen by all users
                    compare --data @data --spark local --spark-conf spark.executorEnv.AWS_SECRET_ACCESS_KEY=hidden --threads 1 | spark.executorEnv.AWS_SECRET_ACCESS_KEY on a command line is seen by all users
                    """)
    void urlsThatNothingCanBeDoneWithAreSaidWithWhatToDo(String line, String answer) {
        // but that of a URL is no folder's
        Call call = segloss((Object[]) line.replaceAll("(?<= )@", folder + "/").split(" "));
        assertThat(call.err()).contains(answer).doesNotContain("hidden");
        assertThat(call.status()).isNotZero();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkThatLeadsNowhereIsWhereAFolderIsMade() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("new/place"));
        assertThat(call("report --scores @scores.csv --out @link").status()).isZero();
        assertThat(folder.resolve("new/place/report.html")).isRegularFile();
        assertThat(link).isSymbolicLink();
        Files.createSymbolicLink(folder.resolve("phantom"), Path.of("other"));
        assertThat(call("phantom @phantom --train 1 --test 1").status()).isZero();
        assertThat(folder.resolve("other/split.json")).isRegularFile();
        assertThat(folder.resolve("phantom")).isSymbolicLink();
        Files.createSymbolicLink(folder.resolve("table"), Path.of("tables/a.csv"));
        assertThat(call("evaluate --prediction @images --reference @images --csv @table")
                        .status())
                .isZero();
        assertThat(folder.resolve("tables/a.csv")).isRegularFile();
        assertThat(folder.resolve("table")).isSymbolicLink();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToAFolderIsTheFolderAndOneToAFileIsTheFile() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("dir"));
        assertThat(call("report --scores @scores.csv --out @link").status()).isZero();
        assertThat(folder.resolve("dir/report.html")).isRegularFile();
        assertThat(call("evaluate --prediction @images --reference @images --csv @link")
                        .err())
                .contains("dir: this is a folder, where a file was expected");
        Files.createSymbolicLink(folder.resolve("to-file"), Path.of("file"));
        assertThat(call("report --scores @scores.csv --out @to-file").err())
                .contains("file is a file, where a folder was expected or could be made; name another folder");
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        for (String line : List.of(
                "report --scores @scores.csv --out @loop",
                "phantom @loop",
                "evaluate --prediction @images --reference @images --csv @loop")) {
            assertThat(call(line).err()).contains(folder.resolve("loop") + ": its links lead in a circle");
        }
    }

    @Test
    void aTraceShowsVisibleCharactersAlone() {
        var text = new java.io.StringWriter();
        Failures.trace(new IOException("a\u001b[2Jb"), new java.io.PrintWriter(text));
        assertThat(text.toString())
                .contains("java.io.IOException: a\\u001b[2Jb", "\n\tat ")
                .doesNotContain("\u001b");
    }
}
