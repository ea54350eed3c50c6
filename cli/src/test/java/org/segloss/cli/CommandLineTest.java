package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.fit.Checkpoint;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
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
            strings = {"compare", "train", "predict", "evaluate", "loss", "losses", "validate", "phantom", "report"})
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
                                "Unknown command 'compere'; known: compare, train, predict, evaluate, loss, losses, validate, phantom, report\nTry 'segloss --help'.\n"));
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
    void aTrainingGoesOnWithItsThreadsAndWhatItCannotGoOnFromIsSaidFirst() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path out = folder.resolve("out");
        List<Object> call = List.of("train", "--data", data, "--test", 1, "--loss", "bce", "--steps", 1, "--out", out);
        List<Object> three =
                Stream.concat(call.stream(), Stream.of("--threads", 3)).toList();
        assertThat(segloss(three.toArray()).status).isZero();
        Path checkpoint = out.resolve("checkpoint.safetensors");
        assertThat(Checkpoint.read(checkpoint).plan().threads()).isEqualTo(3);
        assertThat(segloss(call.toArray()).status).isZero();
        Call two =
                segloss(Stream.concat(call.stream(), Stream.of("--threads", 2)).toArray());
        assertThat(two.status).isEqualTo(2);
        assertThat(two.err).contains("(threads was 3, is 2)", "--restart");
        assertThat(out).isDirectoryNotContaining("glob:**/.lock");
        Files.writeString(checkpoint, "half");
        assertThat(segloss(call.toArray()).err).contains(checkpoint.toString(), "delete it", "--restart");

        Call none =
                segloss("train", "--data", folder.resolve("nowhere"), "--loss", "bce", "--out", folder.resolve("new"));
        assertThat(none.status).isEqualTo(2);
        assertThat(folder.resolve("new")).doesNotExist();
        Call file = segloss("train", "--data", folder.resolve("nowhere"), "--loss", "bce", "--out", checkpoint);
        assertThat(file.status).isEqualTo(2);
        assertThat(file.err).contains(checkpoint + " is a file");
        assertThat(segloss("compare", "--data", data, "--test", 1, "--threads", 0).err)
                .contains("--threads takes a number");
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
    void evaluatePrintsAllDigitsAndTheSameAsJson() throws IOException {
        Geometry grid = Geometry.identity(4, 1, 1);
        Images.write(folder.resolve("p/a.nii.gz"), new Labels(grid, new byte[] {1, 1, 0, 0}));
        Images.write(folder.resolve("r/a.nii.gz"), new Labels(grid, new byte[] {1, 0, 0, 0}));
        Images.write(folder.resolve("r/b.nii.gz"), new Labels(grid, new byte[] {1, 0, 0, 0}));
        Call refused = segloss("evaluate", "--prediction", folder.resolve("p"), "--reference", folder.resolve("r"));
        assertThat(refused.status).isEqualTo(2);
        assertThat(refused.err).contains("no prediction of 1 of 2 references: b", "--missing");
        Call text = segloss(
                "evaluate",
                "--prediction",
                folder.resolve("p"),
                "--reference",
                folder.resolve("r"),
                "--metrics",
                "dice,iou,precision,recall",
                "--missing",
                "skip");
        assertThat(text.status).isZero();
        // Dice 2/3, IoU 1/2, precision 1/2, recall 1
        assertThat(text.out.lines())
                .anyMatch(line -> line.matches("a +1 +0\\.6666666666666666 +0\\.5 +0\\.5 +1\\.0 +OK"));
        assertThat(text.err).contains("No prediction of 1 references, which are not scored: b");
        Call counted = segloss(
                "evaluate",
                "--prediction",
                folder.resolve("p"),
                "--reference",
                folder.resolve("r"),
                "--missing",
                "empty",
                "--json");
        assertThat(counted.err).contains("counted as misses: b");
        JsonNode json = counted.json();
        assertThat(json.at("/policy/missing").stringValue()).isEqualTo("empty");
        assertThat(json.at("/scores/0/dice").doubleValue()).isEqualTo(2.0 / 3);
        assertThat(json.at("/scores/0/case").stringValue()).isEqualTo("a");
        assertThat(json.at("/scores/2/case").stringValue()).isEqualTo("b");
        assertThat(json.at("/scores/2/dice").doubleValue()).isZero();
        assertThat(json.at("/mean/iou").doubleValue()).isEqualTo(0.25);
        assertThat(json.at("/unpredicted/0").stringValue()).isEqualTo("b");
    }

    @Test
    void evaluateTakesLabelsMetricsAndPoliciesAndWritesATable() throws IOException {
        Geometry grid = Geometry.scaled(4, 1, 1, 3, 1, 1);
        Images.write(folder.resolve("p/a.nii.gz"), new Labels(grid, new byte[] {1, 0, 0, 0}));
        Images.write(folder.resolve("r/a.nii.gz"), new Labels(grid, new byte[] {1, 2, 2, 0}));
        Path csv = folder.resolve("scores.csv");
        List<Object> call = List.of(
                "evaluate",
                "--prediction",
                folder.resolve("p"),
                "--reference",
                folder.resolve("r"),
                "--labels",
                "1,2,3,all=1+2",
                "--metrics",
                "dice,hd,nsd@3",
                "--one-empty",
                "inf",
                "--both-empty",
                "na");
        Call text = segloss(Stream.concat(call.stream(), Stream.of("--csv", csv, "--name", "mine"))
                .toArray());
        assertThat(text.status).isZero();
        assertThat(text.out)
                .contains("{OK=6, BOTH_EMPTY=3, PRED_EMPTY=3}", "both-empty=na one-empty=inf")
                .contains("Cases in the mean: 1 used / 0 NA / 1 penalised\n")
                .contains("nsd@3");
        assertThat(text.err).contains("scoring, case 1 of 1");
        assertThat(Files.readAllLines(csv))
                .contains(
                        "mine,0,0,a,2,hd,Infinity,PRED_EMPTY,a,both-empty=na one-empty=inf",
                        "mine,0,0,a,3,dice,NaN,BOTH_EMPTY,a,both-empty=na one-empty=inf",
                        "mine,0,0,a,all,hd,6.0,OK,a,both-empty=na one-empty=inf");
        assertThat(Files.readAllLines(csv)).hasSize(1 + 3 * 5);
        JsonNode json = segloss(
                        Stream.concat(call.stream(), Stream.of("--json")).toArray())
                .json();
        assertThat(json.at("/policy/one-empty").stringValue()).isEqualTo("inf");
        assertThat(json.at("/metrics/1/unit").stringValue()).isEqualTo("mm");
        assertThat(json.at("/scores/1/hd").stringValue()).isEqualTo("Infinity");
        assertThat(json.at("/scores/2/dice").isNull()).isTrue();
        // of 1, 0 and 1/2; what neither has is left out and counted
        assertThat(json.at("/mean/dice").doubleValue()).isEqualTo((1 + 0 + 0.5) / 3);
        assertThat(json.at("/statuses/BOTH_EMPTY").intValue()).isEqualTo(3);
        assertThat(json.at("/cases/dice/penalised").intValue()).isEqualTo(1);
    }

    @Test
    void everyValueHasAStatusOfItsOwnAndEveryMeanSaysWhatItRestsOn() throws IOException {
        Geometry grid = Geometry.identity(2, 1, 1);
        // both masks are full: kappa is 0/0, Dice 1
        Images.write(folder.resolve("p/a.nii"), new Labels(grid, new byte[] {1, 1}));
        Images.write(folder.resolve("r/a.nii"), new Labels(grid, new byte[] {1, 1}));
        Images.write(folder.resolve("p/b.nii"), new Labels(grid, new byte[] {0, 0}));
        Images.write(folder.resolve("r/b.nii"), new Labels(grid, new byte[] {1, 0}));
        List<Object> call = List.of(
                "evaluate",
                "--prediction",
                folder.resolve("p"),
                "--reference",
                folder.resolve("r"),
                "--metrics",
                "dice,kappa");
        assertThat(segloss(call.toArray()).out.lines())
                .anyMatch(line -> line.matches("a +1 +1\\.0 +NaN +OK \\(dice\\); UNDEFINED \\(kappa\\)"))
                .contains(
                        "Cases in the mean: 2 used / 0 NA / 1 penalised (dice); 1 used / 1 NA / 0 penalised (kappa)",
                        "Scores of classes by status: {OK=1, PRED_EMPTY=2, UNDEFINED=1}; scored with both-empty=score one-empty=diag");
        JsonNode json = segloss(
                        Stream.concat(call.stream(), Stream.of("--json")).toArray())
                .json();
        assertThat(json.at("/scores/0/status/dice").stringValue()).isEqualTo("OK");
        assertThat(json.at("/scores/0/status/kappa").stringValue()).isEqualTo("UNDEFINED");
        assertThat(json.at("/mean/kappa").isNull()).isTrue();
        assertThat(json.at("/cases/kappa/used").intValue()).isEqualTo(1);
        assertThat(json.at("/cases/kappa/na").intValue()).isEqualTo(1);
        assertThat(json.at("/statuses/UNDEFINED").intValue()).isEqualTo(1);
    }

    @Test
    void theTableOfEvaluateSaysWhatBelongsTogetherAndIsReadByReport() throws IOException {
        Geometry grid = Geometry.identity(2, 1, 1);
        Path data = folder.resolve("data");
        for (String id : List.of("s1_left", "s1_right", "s2_left", "s2_right", "s3_left", "s3_right")) {
            Images.write(data.resolve("labelsTr/" + id + ".nii"), new Labels(grid, new byte[] {1, 0}));
            Images.write(folder.resolve("net.v1/" + id + ".nii"), new Labels(grid, new byte[] {1, 1}));
            Images.write(folder.resolve("net2/" + id + ".nii"), new Labels(grid, new byte[] {1, 0}));
        }
        assertThat(tableOf("net.v1", data)).contains("net.v1,0,0,s1_left,1,dice,0.6666666666666666,OK,s1_left,");
        assertThat(tableOf("net2", data, "--name", "two", "--group-by", "^(.*)_"))
                .contains("two,0,0,s1_left,1,dice,1.0,OK,s1,");
        Path cases = Files.writeString(
                data.resolve("cases.csv"),
                "case,group\ns1_left,a\ns1_right,a\ns2_left,b\ns2_right,b\ns3_left,c\ns3_right,c\n");
        // as compare does
        String one = tableOf("net.v1", data);
        assertThat(one).contains(",s1_left,1,dice,0.6666666666666666,OK,a,");
        assertThat(tableOf("net.v1", data, "--groups", cases)).isEqualTo(one);
        String two = tableOf("net2", data);
        Path both = Files.writeString(folder.resolve("both.csv"), one + two.substring(two.indexOf('\n') + 1));
        Call report = segloss("report", "--scores", both, "--out", folder.resolve("report"));
        assertThat(report.status).as(report.err).isZero();
        assertThat(report.out).contains("net.v1", "net2");
    }

    private String tableOf(String predictions, Path data, Object... more) throws IOException {
        Path csv = folder.resolve("table.csv");
        var call = new ArrayList<Object>(List.of(
                "evaluate",
                "--prediction",
                folder.resolve(predictions),
                "--reference",
                data.resolve("labelsTr"),
                "--metrics",
                "dice",
                "--csv",
                csv));
        call.addAll(List.of(more));
        Call evaluate = segloss(call.toArray());
        assertThat(evaluate.status).as(evaluate.err).isZero();
        return Files.readString(csv).replace("\r", "");
    }

    @Test
    void evaluateSaysWhatALikelihoodLeftOut() throws IOException {
        Geometry grid = Geometry.identity(2, 1, 1);
        Images.write(folder.resolve("p.nii"), new Labels(grid, new byte[] {1, 0}));
        Images.write(folder.resolve("r.nii"), new Labels(grid, new byte[] {1, 1}));
        Images.write(folder.resolve("map.nii"), new Volume(grid, 1, new float[] {1, 0}));
        for (List<Object> more : List.<List<Object>>of(List.of("--metrics", "nll,dice"), List.of())) {
            var call = new ArrayList<Object>(List.of(
                    "evaluate",
                    "--prediction",
                    folder.resolve("p.nii"),
                    "--reference",
                    folder.resolve("r.nii"),
                    "--probabilities",
                    folder.resolve("map.nii"),
                    "--json"));
            call.addAll(more);
            JsonNode json = segloss(call.toArray()).json();
            assertThat(json.at("/scores/0/nll").doubleValue()).isEqualTo(-Math.log(1e-7) / 2);
            assertThat(json.at("/scores/0/nll_clipped").intValue()).isEqualTo(1);
        }
    }

    @Test
    void evaluateExplainsAWrongCall() {
        for (String[] wrong : new String[][] {
            {"--metrics", "dyce"},
            {"--labels", "liver"},
            {"--both-empty", "zero"},
            {"--one-empty", "far"},
            {"--missing", "drop"}
        }) {
            Call call = segloss("evaluate", "--prediction", folder, "--reference", folder, wrong[0], wrong[1]);
            assertThat(call.status).isEqualTo(2);
            assertThat(call.err).contains(wrong[1]).endsWith("Try 'segloss evaluate --help'.\n");
        }
        assertThat(segloss("evaluate", "--prediction", folder, "--reference", folder, "--group-by", "(.)").err)
                .contains("add --csv FILE");
        assertThat(segloss("evaluate", "--prediction", folder, "--reference", folder, "--name", " ").err)
                .contains("--name is blank");
        Call call = segloss("evaluate", "--prediction", folder, "--reference", folder, "--metrics", "ece");
        assertThat(call.status).isEqualTo(2);
        assertThat(call.err).contains("ece needs probabilities", "--probabilities");
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

    /// All stages through the front door, on as little as possible.
    @Test
    void trainPredictAndEvaluateWorkOnOneAnothersFiles() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path trained = folder.resolve("trained");
        Call train = segloss("train", "--data", data, "--test", 1, "--loss", "dice", "--steps", 1, "--out", trained);
        assertThat(train.err).contains("Training with dice on 2 cases");
        assertThat(train.out).contains(trained.resolve("checkpoint.safetensors").toString());
        assertThat(train.status).isZero();

        Path images = Files.createDirectories(folder.resolve("images"));
        Files.copy(data.resolve("images/cube_2.nii.gz"), images.resolve("cube_2.nii.gz"));
        Path out = folder.resolve("predictions");
        Call predict = segloss(
                "predict", "--checkpoint", trained.resolve("checkpoint.safetensors"), "--image", images, "--out", out);
        assertThat(predict.out).contains("1 prediction: " + out);
        assertThat(Images.info(out.resolve("cube_2.nii.gz")).geometry())
                .isEqualTo(Images.info(images.resolve("cube_2.nii.gz")).geometry());

        refusesImagesThatCannotBePredicted(trained.resolve("checkpoint.safetensors"), images);

        Call evaluate = segloss(
                "evaluate", "--prediction", out, "--reference", data.resolve("masks"), "--missing", "skip", "--json");
        assertThat(evaluate.json().at("/scores/0/dice").doubleValue()).isBetween(0.0, 1.0);
    }

    /// Before anything is written, and without touching the images.
    private void refusesImagesThatCannotBePredicted(Path checkpoint, Path images) throws IOException {
        Path image = images.resolve("cube_2.nii.gz");
        byte[] before = Files.readAllBytes(image);
        Call over = segloss("predict", "--checkpoint", checkpoint, "--image", images, "--out", images);
        assertThat(over.status).isEqualTo(2);
        assertThat(over.err).contains("would replace the image", "cube_2.nii.gz", "--out");
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", image).status)
                .isEqualTo(2);
        assertThat(image).hasBinaryContent(before);
        assertThat(images.resolve("task.json")).doesNotExist();
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", folder.resolve("one.nii"))
                        .out)
                .contains("one.nii (for evaluate: --task binary)");

        for (String[] wrong : new String[][] {{"one", "should end with"}, {"one.png", "a PNG holds one slice"}}) {
            Call form =
                    segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", folder.resolve(wrong[0]));
            assertThat(form.status).isEqualTo(2);
            // before anything is predicted
            assertThat(form.err).contains(wrong[1]).doesNotContain("predicting");
        }
        Path channels = folder.resolve("channels.nii.gz");
        Images.write(channels, Images.read(image).repeated(2));
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", channels, "--out", folder.resolve("c.nii"))
                        .err)
                .contains("channels.nii.gz: the image has 2 channels, but the network was trained with 1");

        Path twice = Files.createDirectories(folder.resolve("twice"));
        Images.write(twice.resolve("a.nii"), Images.read(image));
        Images.write(twice.resolve("a.nii.gz"), Images.read(image));
        Path out = folder.resolve("never");
        Call both = segloss("predict", "--checkpoint", checkpoint, "--image", twice, "--out", out);
        assertThat(both.status).isEqualTo(2);
        assertThat(both.err).contains("a.nii ", "a.nii.gz", "would both go to");

        Files.delete(twice.resolve("a.nii"));
        Volume hole = Images.read(image);
        hole.values()[17] = Float.NaN;
        Images.write(twice.resolve("b.nii.gz"), hole);
        Call nan = segloss("predict", "--checkpoint", checkpoint, "--image", twice, "--out", out);
        assertThat(nan.status).isEqualTo(2);
        assertThat(nan.err).contains("b.nii.gz", "NaN");

        Files.delete(twice.resolve("b.nii.gz"));
        Path broken = Files.writeString(folder.resolve("broken.safetensors"), "x");
        Call ensemble =
                segloss("predict", "--checkpoint", checkpoint, "--checkpoint", broken, "--image", twice, "--out", out);
        assertThat(ensemble.status).isEqualTo(2);
        assertThat(ensemble.err).contains("broken.safetensors is no checkpoint");
        assertThat(out).doesNotExist();
    }

    /// A picture in which all colours are gray is read as gray.
    @Test
    void aNetworkForColoursSegmentsAGrayPicture() throws IOException {
        Path data = folder.resolve("data");
        for (int i = 0; i < 3; i++) {
            picture(data.resolve("images/%d.png".formatted(i)), 0xFF8000);
            picture(data.resolve("masks/%d.png".formatted(i)), 0xFFFFFF);
        }
        Path trained = folder.resolve("trained");
        assertThat(segloss("train", "--data", data, "--test", 1, "--loss", "dice", "--steps", 1, "--out", trained)
                        .status)
                .isZero();
        Path gray = folder.resolve("gray.png");
        picture(gray, 0x808080);
        Path out = folder.resolve("gray_label.png");
        Call call = segloss(
                "predict", "--checkpoint", trained.resolve("checkpoint.safetensors"), "--image", gray, "--out", out);
        assertThat(call.status).as(call.err).isZero();
        assertThat(Images.readLabels(out).geometry().shapeText()).isEqualTo("16 x 16 x 1");
    }

    private static void picture(Path file, int colour) throws IOException {
        var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int y = 4; y < 10; y++) {
            for (int x = 5; x < 12; x++) {
                image.setRGB(x, y, colour);
            }
        }
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    @Test
    void compareEndsWithATableAndTheFilesItWrote() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        Call call = segloss(
                "compare", "--data", data, "--test", 1, "--losses", "bce, 1e300*bce", "--steps", 1, "--out", run);
        assertThat(call.status).isZero();
        assertThat(call.out)
                .contains("loss", "mean", "SD", "* bce", "1e300*bce  diverged at step 1")
                .contains("Report:      " + run.resolve("report.html"));
        assertThat(run.resolve("report.html")).isRegularFile();
        assertThat(call.err).contains("1e300*bce diverged");

        Call again = segloss(
                "compare", "--data", data, "--test", 1, "--losses", "bce, 1e300*bce", "--steps", 1, "--out", run);
        assertThat(again.out).isEqualTo(call.out);
        assertThat(again.err).contains("bce: reused the results in ");

        Path copy = folder.resolve("copy");
        Call repeated = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", copy);
        assertThat(repeated.status).isZero();
        assertThat(copy.resolve("scores.csv")).hasSameBinaryContentAs(run.resolve("scores.csv"));
        assertThat(segloss("compare", "--config", run.resolve("experiment.yaml"), "--steps", 3).err)
                .contains("leave out --steps");

        Call other = segloss("compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--out", run);
        assertThat(other.status).isEqualTo(2);
        assertThat(other.err).contains("run with other settings");

        Call none = segloss(
                "compare",
                "--data",
                data,
                "--test",
                1,
                "--losses",
                "1e300*bce",
                "--steps",
                1,
                "--out",
                folder.resolve("none"));
        assertThat(none.status).isEqualTo(1);
    }

    @Test
    void whatIsSaidOrWrittenTakesThePlaceOfAPresetsNumbers() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        List<Object> command = List.of(
                "compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--preset", "standard");
        Call said = segloss(with(
                command,
                "--spacing",
                "2,1,1",
                "--patch",
                "4,8,12",
                "--batch",
                1,
                "--width",
                2,
                "--levels",
                2,
                "--mirror",
                "xz",
                "--optimizer",
                "sgd",
                "--out",
                run));
        assertThat(said.status).as(said.err).isZero();
        String yaml = Files.readString(run.resolve("experiment.yaml"));
        assertThat(yaml.lines().map(String::strip))
                .contains("z: 2.0", "- 4", "- 8", "- 12", "batch: 1", "width: 2", "strides:", "optimizer: sgd")
                .contains("learning-rate: 0.01", "- z", "- x")
                .doesNotContain("- y");

        Path config = folder.resolve("changed/experiment.yaml");
        Files.createDirectories(config.getParent());
        Files.copy(run.resolve("dataset.json"), config.resolveSibling("dataset.json"));
        Files.writeString(
                config,
                yaml.replace("width: 2", "width: 3")
                        .replace("averaging: 0.995", "averaging: 0.5")
                        .replace("kernels:\n    - - 1", "kernels:\n    - - 3"));
        assertThat(config).content().contains("kernels:\n    - - 3");
        Path copy = folder.resolve("copy");
        Call written = segloss("compare", "--config", config, "--out", copy);
        assertThat(written.status).as(written.err).isZero();
        assertThat(copy.resolve("experiment.yaml")).hasSameTextualContentAs(config);
        assertThat(changed(config, yaml, "batch: 1", "batch: 0")).contains("at least one patch");
        assertThat(changed(config, yaml, "heads: 1", "heads: 2")).contains("from 1 to 1 heads, not 2");
        assertThat(changed(config, yaml, "width: 2", ""))
                .contains("is not as this version", "network", "'width'")
                .doesNotContain("DeserializationFeature");
        assertThat(changed(config, yaml, "width: 2", "width: two")).contains("training.network.width: ", "\"two\"");
        assertThat(changed(config, yaml, "inputs: 1", "inputs: 2"))
                .contains("says what follows from the data", "training.network.inputs is 2 there, not 1");
        assertThat(changed(config, yaml, "training:", "network:\n  width: 2\ntraining:"))
                .contains(config.toString(), "an earlier version of Segloss", "begin a new one");
        assertThat(folder.resolve("bad")).doesNotExist();

        Call again = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", run);
        assertThat(again.err).contains("bce: reused the results in ");
        Files.writeString(run.resolve("experiment.yaml"), yaml.replace("width: 2", "width: 3"));
        Call inPlace = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", run);
        assertThat(inPlace.status).isEqualTo(2);
        assertThat(inPlace.err).contains("was trained with other settings", "--restart");
        assertThat(run.resolve("bce/fold-0/seed-1/checkpoint.safetensors")).isRegularFile();

        assertThat(segloss(with(command, "--patch", "8,8")).err).contains("three positive numbers Z,Y,X", "not 8,8");
        assertThat(segloss(with(command, "--patch", "9,8,8", "--levels", 3)).err)
                .contains(
                        "with 3 levels the edges of a patch are multiples of 4 x 4 x 4 (z, y, x), but it is 9 x 8 x 8 (z, y, x); take another");
        assertThat(segloss(with(command, "--spacing", "1,0,1")).err).contains("not 1.0,0.0,1.0");
        assertThat(segloss(with(command, "--spacing", "1e-3,1e-3,1e-3")).err).contains("take a larger spacing");
        assertThat(segloss(with(command, "--batch", 0)).err).contains("--batch takes a number from 1 on, not 0");
        assertThat(segloss(with(command, "--mirror", "left")).err).contains("letters of zyx, or none, not 'left'");
        assertThat(segloss(with(command, "--learning-rate", "-1")).err).contains("learning rate has to be positive");
    }

    @Test
    void imagesOfTomographyAreBroughtToOneScaleThatCanBeChanged() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Files.writeString(data.resolve("dataset.json"), "{\"modality\": {\"0\": \"CT\"}}");
        Path run = folder.resolve("run");
        Call call = segloss("compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--out", run);
        assertThat(call.status).as(call.err).isZero();
        String yaml = Files.readString(run.resolve("experiment.yaml"));
        // 100 + i * 37 % 11 in the cubes: never clipped but at their ends
        assertThat(yaml).containsPattern("scales:\\s+0:\\s+low: 100\\.0\\s+high: 110\\.0\\s+mean: 10");
        assertThat(run.resolve("report.html"))
                .content()
                .contains("channel 0 clipped to 100.0 … 110.0, less 104.96875, divided by 3.1538769957255255<");

        Path config = folder.resolve("changed/experiment.yaml");
        Files.createDirectories(config.getParent());
        Files.copy(run.resolve("dataset.json"), config.resolveSibling("dataset.json"));
        Files.writeString(config, yaml.replace("low: 100.0", "low: -50.0"));
        Path copy = folder.resolve("copy");
        Call changed = segloss("compare", "--config", config, "--out", copy);
        assertThat(changed.status).as(changed.err).isZero();
        assertThat(copy.resolve("experiment.yaml")).hasSameTextualContentAs(config);
        Path training = Path.of("bce/fold-0/seed-1/training.csv");
        assertThat(Files.readString(copy.resolve(training)))
                .as("the loss of other numbers")
                .isNotEqualTo(Files.readString(run.resolve(training)));
        assertThat(changed(config, yaml, "low: 100.0", "low: 111")).contains("low below high");
        assertThat(changed(config, yaml, "      0:\n        low", "      1:\n        low"))
                .contains("there is a scale for channel 1, but the images have the channels 0 to 0");
        assertThat(changed(config, yaml.replaceAll("(?m)^        .*: .*\n", ""), "      0:", "      0:"))
                .contains("preprocessing", "a value is missing");
        assertThat(changed(config, yaml, "    kernels:\n    - - 3", "    kernels:\n    -\n    - - 3"))
                .contains("network", "a value is missing");
    }

    /// {@return what is said of an `experiment.yaml` that is changed}
    private String changed(Path config, String yaml, String from, String to) throws IOException {
        Files.writeString(config, yaml.replace(from, to));
        Call call = segloss("compare", "--config", config, "--out", folder.resolve("bad"));
        assertThat(call.status).as(call.err).isEqualTo(2);
        return call.err;
    }

    private static Object[] with(List<Object> command, Object... more) {
        return Stream.concat(command.stream(), Arrays.stream(more)).toArray();
    }

    @Test
    void foldsAndSeedsMakeATrainingEach() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        List<Object> command = List.of(
                "compare", "--data", data, "--folds", 3, "--seeds", 2, "--losses", "bce", "--steps", 1, "--out", run);
        Call call = segloss(command.toArray());
        assertThat(call.status).as(call.err).isZero();
        assertThat(call.err).contains("3 cases of 3 subjects in 3 folds, 2 seeds: 6 trainings");
        assertThat(call.out).contains(run.resolve("LOSS/fold-F/seed-S").toString());
        for (int fold = 0; fold < 3; fold++) {
            for (int seed = 1; seed <= 2; seed++) {
                assertThat(run.resolve("bce/fold-%d/seed-%d/scores.csv".formatted(fold, seed)))
                        .isRegularFile();
            }
        }
        assertThat(Files.readAllLines(run.resolve("scores.csv")).getFirst())
                .isEqualTo("loss,fold,seed,case,class,metric,value,status,group,policy");
        Path copy = folder.resolve("copy");
        assertThat(segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", copy).status)
                .isZero();
        assertThat(copy.resolve("scores.csv")).hasSameBinaryContentAs(run.resolve("scores.csv"));
        assertThat(copy.resolve("dataset.json")).hasSameBinaryContentAs(run.resolve("dataset.json"));

        Call other = segloss(
                "compare",
                "--data",
                data,
                "--folds",
                3,
                "--seeds",
                "1,5",
                "--losses",
                "bce",
                "--steps",
                1,
                "--out",
                run);
        assertThat(other.status).isEqualTo(2);
        assertThat(other.err).contains("seeds was [1,2], is [1,5]", "--restart");
        Call anew = segloss(
                "compare",
                "--data",
                data,
                "--folds",
                3,
                "--seeds",
                "1,5",
                "--losses",
                "bce",
                "--steps",
                1,
                "--out",
                run,
                "--restart");
        assertThat(anew.status).as(anew.err).isZero();
        assertThat(run.resolve("bce/fold-0/seed-2")).doesNotExist();
        assertThat(run.resolve("bce/fold-0/seed-5/scores.csv")).isRegularFile();
    }

    @Test
    void aSubjectStaysOnOneSideAndALeakIsNamed() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        Files.writeString(data.resolve("split.json"), "{\"train\": [\"cube_1\", \"cube_2\"], \"test\": [\"cube_3\"]}");
        Path groups = Files.writeString(folder.resolve("g.csv"), "case,group\ncube_1,p\ncube_2,q\ncube_3,q\n");
        Call leak = segloss("compare", "--data", data, "--groups", groups, "--out", run);
        assertThat(leak.status).isEqualTo(2);
        assertThat(leak.err).contains("subject 'q' is in train (cube_2) and test (cube_3)");
        assertThat(run).doesNotExist();

        Call all = segloss("compare", "--data", data, "--folds", 3, "--groups", groups, "--out", run);
        assertThat(all.err).contains("3 cases of 2 subjects can't make 3 folds");
        assertThat(all.status).isEqualTo(2);
        Call two = segloss(
                "compare",
                "--data",
                data,
                "--folds",
                2,
                "--groups",
                groups,
                "--losses",
                "bce",
                "--steps",
                1,
                "--out",
                run);
        assertThat(two.status).as(two.err).isZero();
        assertThat(Files.readAllLines(run.resolve("scores.csv")))
                .anyMatch(line -> line.matches("bce,.*,cube_3,.*,q,both-empty=.*"));

        // the rule finds one subject for all
        Call rule = segloss("compare", "--data", data, "--group-by", "(cube)_", "--out", folder.resolve("by"));
        assertThat(rule.err).contains("subject 'cube' is in train (cube_1, cube_2) and test (cube_3)");
    }

    @Test
    void optionsThatSayTwoThingsAreRefused() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("--folds", 2, "--test", 1),
                List.of("--folds", 2, "--split", "x.json"),
                List.of("--test", 1, "--split", "x.json"),
                List.of("--test", 1, "--groups", "g.csv", "--group-by", "(x)"),
                List.of("--test", 1, "--group-by", "("),
                List.of("--test", 1, "--group-by", "cube"),
                List.of("--test", 1, "--seeds", "0"),
                List.of("--test", 1, "--seeds", "few"),
                List.of("--test", 1, "--seeds", "1,1"))) {
            var command = new ArrayList<Object>(List.of("compare", "--data", data, "--out", folder.resolve("run")));
            command.addAll(wrong);
            Call call = segloss(command.toArray());
            assertThat(call.status).as(wrong.toString()).isEqualTo(2);
            assertThat(call.err)
                    .doesNotContain("Exception")
                    .contains(wrong.get(wrong.size() - 2).toString().substring(2, 5));
        }
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aTrainingGoesOnAndOtherSettingsAreRefused() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path out = folder.resolve("trained");
        List<Object> command =
                List.of("train", "--data", data, "--test", 1, "--loss", "dice", "--steps", 2, "--out", out);
        assertThat(segloss(command.toArray()).status).isZero();
        byte[] checkpoint = Files.readAllBytes(out.resolve("checkpoint.safetensors"));
        assertThat(segloss(command.toArray()).status).isZero();
        assertThat(out.resolve("checkpoint.safetensors")).hasBinaryContent(checkpoint);

        Call other = segloss("train", "--data", data, "--test", 1, "--loss", "bce", "--steps", 2, "--out", out);
        assertThat(other.status).isEqualTo(2);
        assertThat(other.err).contains("loss was dice, is bce", "--restart");
        assertThat(out.resolve("checkpoint.safetensors")).hasBinaryContent(checkpoint);
        assertThat(segloss(
                                "train",
                                "--data",
                                data,
                                "--test",
                                1,
                                "--loss",
                                "bce",
                                "--steps",
                                2,
                                "--out",
                                out,
                                "--restart")
                        .status)
                .isZero();
        assertThat(Checkpoint.read(out.resolve("checkpoint.safetensors")).plan().loss())
                .hasToString("bce");
    }

    @Test
    void aSmallDataSetWithoutASplitNeedsANumberOfTestCases() throws IOException {
        Call call = segloss("compare", "--data", Cubes.write(folder.resolve("data")), "--out", folder.resolve("run"));
        assertThat(call.status).isEqualTo(2);
        assertThat(call.err).contains("3 cases", "--test N");
    }

    @Test
    void anotherPhantomIsNotTakenForTheGeneratedOne() throws IOException {
        Path run = folder.resolve("run");
        assertThat(segloss("phantom", run.resolve("phantom"), "--train", 1, "--test", 1).status)
                .isZero();
        Call call = segloss("compare", "--out", run);
        assertThat(call.status).isEqualTo(2);
        assertThat(call.err).contains("another phantom", "--data");
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
