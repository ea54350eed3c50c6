package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import tools.jackson.databind.JsonNode;

/// `segloss evaluate`, as it is called.
class EvaluateCommandTest {
    @TempDir
    Path folder;

    @Test
    void evaluatePrintsAllDigitsAndTheSameAsJson() throws IOException {
        Geometry grid = Geometry.identity(4, 1, 1);
        Images.write(folder.resolve("p/a.nii.gz"), new Labels(grid, new byte[] {1, 1, 0, 0}));
        Images.write(folder.resolve("r/a.nii.gz"), new Labels(grid, new byte[] {1, 0, 0, 0}));
        Images.write(folder.resolve("r/b.nii.gz"), new Labels(grid, new byte[] {1, 0, 0, 0}));
        Call refused = segloss("evaluate", "--prediction", folder.resolve("p"), "--reference", folder.resolve("r"));
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("no prediction of 1 of 2 references: b", "--missing");
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
        assertThat(text.status()).isZero();
        // Dice 2/3, IoU 1/2, precision 1/2, recall 1
        assertThat(text.out().lines())
                .anyMatch(line -> line.matches("a +1 +0\\.6666666666666666 +0\\.5 +0\\.5 +1\\.0 +OK"));
        assertThat(text.err()).contains("No prediction of 1 references, which are not scored: b");
        Call counted = segloss(
                "evaluate",
                "--prediction",
                folder.resolve("p"),
                "--reference",
                folder.resolve("r"),
                "--missing",
                "empty",
                "--json");
        assertThat(counted.err()).contains("counted as misses: b");
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
    @DisabledOnOs(OS.WINDOWS)
    void theTableGoesWhereItsNameLeadsAndWhereItCannotGoIsSaidFirst() throws IOException {
        Geometry grid = Geometry.identity(4, 1, 1);
        Path one = folder.resolve("a.nii");
        Images.write(one, new Labels(grid, new byte[] {1, 1, 0, 0}));
        Path real = folder.resolve("real.csv");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), real);
        assertThat(segloss("evaluate", "--prediction", one, "--reference", one, "--csv", link)
                        .status())
                .isZero();
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(real)).startsWith("loss,fold,seed,case,");
        Path below = real.resolve("scores.csv");
        Call call = segloss("evaluate", "--prediction", folder.resolve("no"), "--reference", one, "--csv", below);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .contains(real + " is a file, where a folder was expected")
                .doesNotContain("no:");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theTableReplacesNothingThatIsRead() throws IOException {
        Geometry grid = Geometry.identity(4, 1, 1);
        Path one = folder.resolve("p/a.nii");
        Path other = folder.resolve("data/labels/a.nii");
        Images.write(one, new Labels(grid, new byte[] {1, 1, 0, 0}));
        Images.write(other, new Labels(grid, new byte[] {1, 1, 0, 0}));
        Path cases = Files.writeString(folder.resolve("data/cases.csv"), "case,group\na,g\n");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), one);
        byte[] before = Files.readAllBytes(one);
        for (Path csv : List.of(one, other, link, cases)) {
            Call call = segloss(
                    "evaluate", "--prediction", one.getParent(), "--reference", other.getParent(), "--csv", csv);
            assertThat(call.status()).isEqualTo(2);
            assertThat(call.err()).contains("the table would replace the input ", "give another --csv");
            assertThat(call.out()).isEmpty();
        }
        assertThat(one).hasBinaryContent(before);
        // a table of before is no input, wherever it lies
        Path table = Files.writeString(folder.resolve("p/scores.csv"), "old");
        assertThat(segloss(
                                "evaluate",
                                "--prediction",
                                one.getParent(),
                                "--reference",
                                other.getParent(),
                                "--csv",
                                table)
                        .status())
                .isZero();
    }

    @Test
    void ignoredLabelsAreInNoScore() throws IOException {
        Geometry grid = Geometry.identity(6, 1, 1);
        Path p = folder.resolve("p.nii");
        Path r = folder.resolve("r.nii");
        Images.write(p, new Labels(grid, new byte[] {1, 1, 0, 0, 1, 1}));
        Images.write(r, new Labels(grid, new byte[] {1, 0, 0, 0, (byte) 255, (byte) 255}));
        Call advised = segloss("evaluate", "--prediction", p, "--reference", r);
        assertThat(advised.err()).contains("say --ignore 255 if nothing is known there");
        Call call = segloss(
                "evaluate", "--prediction", p, "--reference", r, "--ignore", "255", "--metrics", "dice,specificity");
        assertThat(call.status()).isZero();
        // 1 TP, 1 FP, 2 TN
        assertThat(call.out().lines())
                .anyMatch(
                        line -> line.matches("p +1 +0\\.6666666666666666 +0\\.6666666666666666 +OK +2 \\(33\\.3 %\\)"));
        assertThat(call.out())
                .contains("Ignored, in no score: the label 255 of the references, 2 (33.3 %) of 6 voxels");
        Call json = segloss("evaluate", "--prediction", p, "--reference", r, "--ignore", "255", "--json");
        assertThat(json.json().at("/ignored/labels/0").intValue()).isEqualTo(255);
        assertThat(json.json().at("/ignored/cases/p/voxels").intValue()).isEqualTo(2);
        Call both = segloss("evaluate", "--prediction", p, "--reference", r, "--labels", "1,255", "--ignore", "255");
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("the label 255 is among those to score (255) and those to ignore");
        Call noLabel = segloss("evaluate", "--prediction", p, "--reference", r, "--ignore", "void");
        assertThat(noLabel.status()).isEqualTo(2);
        assertThat(noLabel.err()).contains("'void' in 'void' is no label");
    }

    /// As nnU-Net lays out a data set.
    @Test
    void theDatasetJsonBesideTheReferencesSaysWhatIsIgnored() throws IOException {
        Geometry grid = Geometry.identity(6, 1, 1);
        Path data = folder.resolve("Dataset004_Organ");
        Path p = folder.resolve("predicted");
        Images.write(p.resolve("a.nii"), new Labels(grid, new byte[] {1, 1, 0, 0, 1, 1}));
        Images.write(data.resolve("labelsTs/a.nii"), new Labels(grid, new byte[] {1, 0, 0, 0, 2, 2}));
        Path json = data.resolve("dataset.json");
        Files.writeString(json, "{\"labels\": {\"background\": 0, \"organ\": 1, \"ignore\": 2}}");
        Object[] words = {"evaluate", "--prediction", p, "--reference", data.resolve("labelsTs"), "--metrics", "dice"};
        Call call = segloss(words);
        assertThat(call.status()).isZero();
        assertThat(call.err()).contains("dataset.json ignores 2, which is in no score");
        assertThat(call.out()).contains("Ignored, in no score: the label 2 of the references, 2 (33.3 %) of 6 voxels");
        Files.writeString(json, "{\"labels\": {\"ignore\": 2");
        Call damaged =
                segloss("evaluate", "--prediction", p, "--reference", data.resolve("labelsTs"), "--task", "binary");
        assertThat(damaged.status()).isEqualTo(2);
        assertThat(damaged.err()).contains("Or say with --ignore or --labels what counts.");
        Path table = folder.resolve("ignored.csv");
        Files.writeString(json, "{\"labels\": {\"background\": 0, \"organ\": 1, \"ignore\": 2}}");
        segloss("evaluate", "--prediction", p, "--reference", data.resolve("labelsTs"), "--csv", table);
        assertThat(Files.readAllLines(table)).last().asString().endsWith("both-empty=score one-empty=diag ignored=2");
        Call replaced = segloss("evaluate", "--prediction", p, "--reference", data.resolve("labelsTs"), "--csv", json);
        assertThat(replaced.status()).isEqualTo(2);
        assertThat(replaced.err()).contains(json.toString(), "--csv");
    }

    @Test
    void aFileForTheReferencesOfAFolderIsNamed() throws IOException {
        Path p = folder.resolve("predicted");
        Path r = folder.resolve("r.nii");
        Images.write(r, new Labels(Geometry.identity(2, 1, 1), new byte[] {1, 0}));
        Images.write(p.resolve("a.nii"), new Labels(Geometry.identity(2, 1, 1), new byte[] {1, 0}));
        Call reference = segloss("evaluate", "--prediction", p, "--reference", r);
        assertThat(reference.status()).isEqualTo(2);
        assertThat(reference.err())
                .contains(
                        "%s: this is a file. Give the folder of their references, as the predictions are a folder (%s), or one prediction."
                                .formatted(r, p));
        Call probabilities = segloss("evaluate", "--prediction", p, "--reference", p, "--probabilities", r);
        assertThat(probabilities.status()).isEqualTo(2);
        assertThat(probabilities.err()).contains(r + ": this is a file. Give the folder of their probabilities");
    }

    @Test
    void affinesAreComparedUnlessShapesAreTrusted() throws IOException {
        byte[] labels = {1, 0, 0, 0};
        Path p = folder.resolve("p.nii");
        Path r = folder.resolve("r.nii");
        Images.write(p, new Labels(Geometry.identity(4, 1, 1), labels));
        Images.write(r, new Labels(Geometry.scaled(4, 1, 1, 2, 1, 1), labels));
        Call refused = segloss("evaluate", "--prediction", p, "--reference", r);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("p.nii: affine [1 0 0 0", "has [2 0 0 0", "say --same-grid");
        Call trusted = segloss("evaluate", "--prediction", p, "--reference", r, "--same-grid", "--metrics", "dice");
        assertThat(trusted.status()).isZero();
        assertThat(trusted.out().lines()).anyMatch(line -> line.matches("p +1 +1\\.0 +OK"));
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
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("{OK=6, BOTH_EMPTY=3, PRED_EMPTY=3}", "both-empty=na one-empty=inf")
                .contains("Cases in the mean: 1 used / 0 NA / 1 penalised\n")
                .contains("nsd@3");
        assertThat(text.err()).contains("scoring, case 1 of 1");
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
        assertThat(segloss(call.toArray()).out().lines())
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
        assertThat(report.status()).as(report.err()).isZero();
        assertThat(report.out()).contains("net.v1", "net2");
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
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
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
            assertThat(call.status()).isEqualTo(2);
            assertThat(call.err()).contains(wrong[1]).endsWith("Try 'segloss evaluate --help'.\n");
        }
        assertThat(segloss("evaluate", "--prediction", folder, "--reference", folder, "--group-by", "(.)")
                        .err())
                .contains("add --csv FILE");
        assertThat(segloss("evaluate", "--prediction", folder, "--reference", folder, "--name", " ")
                        .err())
                .contains("--name is blank");
        Call call = segloss("evaluate", "--prediction", folder, "--reference", folder, "--metrics", "ece");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("ece needs probabilities", "--probabilities");
    }
}
