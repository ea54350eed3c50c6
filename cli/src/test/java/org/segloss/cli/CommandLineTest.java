package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTest {
    @TempDir
    Path folder;

    /// What a call printed, and its exit status.
    record Call(int status, String out, String err) {
        JsonNode json() {
            return new JsonMapper().readTree(out);
        }
    }

    static Call segloss(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Call(status, out.toString(), err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compare",
                "train",
                "predict",
                "evaluate",
                "score",
                "loss",
                "losses",
                "validate",
                "phantom",
                "cache",
                "report"
            })
    void everyCommandExplainsItself(String command) {
        Call call = segloss(command, "--help");
        assertThat(call.status).isZero();
        assertThat(call.out).startsWith("Usage: segloss " + command);
        assertThat(segloss("--help").out).contains("  " + command);
    }

    @Test
    void aWrongCallIsAnsweredByALineAndTheWayToHelp() {
        assertThat(segloss("compere"))
                .isEqualTo(
                        new Call(
                                2,
                                "",
                                "Unknown command 'compere'; known: compare, cell, train, predict, evaluate, score, loss, losses, validate, phantom, cache, report\nTry 'segloss --help'.\n"));
        assertThat(segloss()).isEqualTo(new Call(2, "", "Missing command\nTry 'segloss --help'.\n"));
        Call option = segloss("compare", "--stepps", "5");
        assertThat(option.status).isEqualTo(2);
        assertThat(option.err)
                .isEqualTo("Unknown option '--stepps'; do you mean --steps?\nTry 'segloss compare --help'.\n");
        assertThat(segloss("train", "--data", "my-data", "--lossess", "dice", "--out", "run").err)
                .as("it is there, but mistyped")
                .startsWith("Unknown option '--lossess'; do you mean --loss?\n");
        assertThat(segloss("train", "--data", "my-data", "--out", "run").err)
                .startsWith("Missing required option: '--loss=EXPRESSION'\n");
        assertThat(segloss("train", "my-data", "--loss", "dice", "--out", "run").err)
                .startsWith("Missing required option: '--data=DIR'\n");
        assertThat(segloss("compare", "my-data").err).startsWith("Unmatched argument at index 1: 'my-data'\n");
        Call number = segloss("compare", "--steps", "few");
        assertThat(number.status).isEqualTo(2);
        assertThat(number.err).contains("--steps", "few");
    }

    @Test
    void badInputIsALineWithoutAStackTraceAndStatusTwo() {
        for (Call call : List.of(
                segloss("compare", "--data", folder.resolve("nowhere")),
                segloss("compare", "--data", folder, "--losses", "dyce"),
                segloss("evaluate", "--prediction", folder.resolve("a"), "--reference", folder),
                segloss("predict", "--checkpoint", folder.resolve("a"), "--image", folder, "--out", folder),
                segloss("report", folder),
                segloss("validate", folder.resolve("nowhere")))) {
            assertThat(call.status).isEqualTo(2);
            assertThat(call.out + call.err).isNotBlank().doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void lossesListsTheLossesByKindAndDescribesOne() {
        assertThat(segloss("losses").out)
                .contains("overlap: sums over the voxels of a class\n", "\n    tversky", "\n    focal");
        assertThat(segloss("losses", "focal").out)
                .startsWith("focal\n")
                .contains("alpha=0.25", "gamma=2", "clip=0", "reduction=mean", "weights=[]", "https://arxiv.org");
        Call unknown = segloss("losses", "tverski");
        assertThat(unknown.status).isEqualTo(2);
        assertThat(unknown.err).contains("unknown loss 'tverski'; known: bce, ce, focal");
    }

    @Test
    void validateSaysWhatIsWrongAndExitsWithTwo() throws IOException {
        Path data = folder.resolve("data");
        assertThat(segloss("phantom", data, "--train", 1, "--test", 1).status).isZero();
        Call good = segloss("validate", data);
        assertThat(good.out).contains("nothing is wrong");
        assertThat(good.status).isZero();
        Files.delete(data.resolve("labelsTr/phantom_000.nii.gz"));
        Call bad = segloss("validate", data);
        assertThat(bad.status).isEqualTo(2);
        assertThat(bad.out).contains("error ", "phantom_000");
    }

    @Test
    void aPhantomIsNeverWrittenOverFiles() throws IOException {
        Files.writeString(folder.resolve("mine"), "precious");
        assertThat(segloss("phantom", folder).status).isEqualTo(2);
        assertThat(folder.resolve("mine")).hasContent("precious");
    }

    @Test
    void undefinedNumbersAreNullInJson() throws IOException {
        Geometry grid = Geometry.identity(2, 1, 1);
        Path prediction = folder.resolve("p.nii.gz");
        Path reference = folder.resolve("r.nii.gz");
        Images.write(prediction, new Labels(grid, new byte[] {0, 0}));
        Images.write(reference, new Labels(grid, new byte[] {1, 0}));
        JsonNode json = segloss("evaluate", "--prediction", prediction, "--reference", reference, "--json")
                .json();
        assertThat(json.at("/scores/0/precision").isNull()).isTrue();
        assertThat(json.at("/scores/0/status/precision").stringValue()).isEqualTo("PRED_EMPTY");
        assertThat(json.at("/scores/0/recall").doubleValue()).isZero();
        assertThat(json.at("/mean/precision").isNull()).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatCannotBePrintedIsAnError() throws IOException {
        for (String[] call : new String[][] {{"losses"}, {"--help"}, {"losses", "dice"}}) {
            var err = new StringWriter();
            try (var full = new FileOutputStream("/dev/full")) {
                assertThat(Main.run(full, new PrintWriter(err), call)).isEqualTo(1);
            }
            assertThat(err.toString())
                    .isEqualTo("segloss: the standard output can't be written: No space left on device\n");
        }
        var closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        var err = new StringWriter();
        assertThat(Main.run(closed, new PrintWriter(err), "losses")).isEqualTo(1);
        assertThat(err.toString()).as("as every program in front of head").isEmpty();
        var out = new ByteArrayOutputStream();
        assertThat(Main.run(out, new PrintWriter(err), "losses", "dice")).isZero();
        assertThat(out.toString(System.out.charset())).startsWith("dice\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void namesDoNotSteerTheTerminal() throws IOException {
        String name = "a\u001b[2J\u202eb\r\nc\u0007";
        Geometry grid = Geometry.identity(2, 1, 1);
        Path prediction = folder.resolve("p");
        Images.write(prediction.resolve(name + ".nii"), new Labels(grid, new byte[] {1, 0}));
        Images.write(prediction.resolve("b.nii"), new Labels(grid, new byte[] {1, 0}));
        Path reference = Files.createDirectories(folder.resolve("r"));
        Files.copy(prediction.resolve(name + ".nii"), reference.resolve(name + ".nii"));
        Files.copy(prediction.resolve("b.nii"), reference.resolve("b.nii"));
        Files.copy(prediction.resolve("b.nii"), reference.resolve("d" + name + ".nii"));
        List<Call> calls = List.of(
                segloss("evaluate", "--prediction", prediction, "--reference", reference),
                segloss("evaluate", "--prediction", prediction, "--reference", reference, "--missing", "skip"),
                segloss("validate", folder.resolve(name)),
                segloss("report", folder.resolve(name)),
                segloss("losses", name),
                segloss(name),
                segloss("losses", "--" + name),
                segloss("predict", "--checkpoint", folder.resolve(name), "--image", folder, "--out", folder));
        for (Call call : calls) {
            assertThat(call.out + call.err)
                    .contains("a\\u001b[2J\\u202eb")
                    .doesNotContain("\u001b", "\u202e", "\u0007");
        }
        assertThat(calls.get(1).out)
                .as("a case stays on its line")
                .contains("\na\\u001b[2J\\u202eb\\u000d\\u000ac\\u0007 ");
        JsonNode json = segloss(
                        "evaluate", "--prediction", prediction, "--reference", reference, "--missing", "skip", "--json")
                .json();
        assertThat(json.at("/scores/0/case").stringValue()).isEqualTo(name);
    }

    private Call failing(Callable<Integer> work) {
        @Command(name = "work")
        record Work(Callable<Integer> work) implements Callable<Integer> {
            @Override
            public Integer call() throws Exception {
                return work.call();
            }
        }
        var err = new StringWriter();
        int status = Main.commandLine()
                .addSubcommand(new Work(work))
                .setErr(new PrintWriter(err))
                .execute("work");
        return new Call(status, "", err.toString());
    }

    @Test
    void tooLittleMemoryIsALineAndStatusOne() {
        Call call = failing(() -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertThat(call.status).isEqualTo(1);
        assertThat(call.err)
                .startsWith("segloss work: ")
                .contains("memory", "-Xmx")
                .hasLineCount(1);
    }

    @Test
    void aDiskThatIsFullIsNotBadInput() {
        var full = new FileSystemException("out/a.nii.gz", null, "No space left on device");
        for (Exception e : List.of(full, new UncheckedIOException(full))) {
            Call call = failing(() -> {
                throw e;
            });
            assertThat(call.status).isEqualTo(1);
            assertThat(call.err).isEqualTo("segloss work: out/a.nii.gz: No space left on device\n");
        }
    }

    @Test
    void aDeviceThatIsNotThereLeavesNothingBehind() {
        Call call = segloss("compare", "--device", "abacus", "--out", folder.resolve("run"));
        assertThat(call.status).isEqualTo(2);
        assertThat(call.err).contains("unknown device 'abacus'");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aFileInPlaceOfAFolderIsNoStackTrace() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Call call = segloss("report", file);
        assertThat(call.status).isEqualTo(2);
        assertThat(call.err).startsWith("segloss report: ").contains("file").doesNotContain("Exception");
    }
}
