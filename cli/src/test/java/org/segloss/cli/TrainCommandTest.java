package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.fit.Checkpoint;
import org.segloss.format.ArrayFile;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;

/// `segloss train` and `segloss predict`, as they are called.
class TrainCommandTest {
    @TempDir
    Path folder;

    @Test
    void aTrainingGoesOnWithItsThreadsAndWhatItCannotGoOnFromIsSaidFirst() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path out = folder.resolve("out");
        List<Object> call = List.of("train", "--data", data, "--test", 1, "--loss", "bce", "--steps", 1, "--out", out);
        List<Object> three =
                Stream.concat(call.stream(), Stream.of("--threads", 3)).toList();
        assertThat(segloss(three.toArray()).status()).isZero();
        Path checkpoint = out.resolve("checkpoint.safetensors");
        assertThat(Checkpoint.read(checkpoint).plan().threads()).isEqualTo(3);
        assertThat(segloss(call.toArray()).status()).isZero();
        Call two =
                segloss(Stream.concat(call.stream(), Stream.of("--threads", 2)).toArray());
        assertThat(two.status()).isEqualTo(2);
        assertThat(two.err()).contains("(threads was 3, is 2)", "--restart");
        assertThat(out).isDirectoryNotContaining("glob:**/.lock");
        Files.writeString(checkpoint, "half");
        assertThat(segloss(call.toArray()).err()).contains(checkpoint.toString(), "delete it", "--restart");

        Call none =
                segloss("train", "--data", folder.resolve("nowhere"), "--loss", "bce", "--out", folder.resolve("new"));
        assertThat(none.status()).isEqualTo(2);
        assertThat(folder.resolve("new")).doesNotExist();
        Call file = segloss("train", "--data", folder.resolve("nowhere"), "--loss", "bce", "--out", checkpoint);
        assertThat(file.status()).isEqualTo(2);
        assertThat(file.err()).contains(checkpoint + " is a file");
        assertThat(segloss("compare", "--data", data, "--test", 1, "--threads", 0)
                        .err())
                .contains("--threads takes a number");
    }

    /// All stages through the front door, on as little as possible.
    @Test
    void trainPredictAndEvaluateWorkOnOneAnothersFiles() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path trained = folder.resolve("trained");
        Call train = segloss("train", "--data", data, "--test", 1, "--loss", "dice", "--steps", 1, "--out", trained);
        assertThat(train.err()).contains("Training with dice on 2 cases");
        assertThat(train.out())
                .contains(trained.resolve("checkpoint.safetensors").toString());
        assertThat(train.status()).isZero();

        Path images = Files.createDirectories(folder.resolve("images"));
        Files.copy(data.resolve("images/cube_2.nii.gz"), images.resolve("cube_2.nii.gz"));
        Path out = folder.resolve("predictions");
        Call predict = segloss(
                "predict", "--checkpoint", trained.resolve("checkpoint.safetensors"), "--image", images, "--out", out);
        assertThat(predict.out()).contains("1 prediction: " + out);
        assertThat(Images.info(out.resolve("cube_2.nii.gz")).geometry())
                .isEqualTo(Images.info(images.resolve("cube_2.nii.gz")).geometry());

        refusesImagesThatCannotBePredicted(trained.resolve("checkpoint.safetensors"), images);

        Call evaluate = segloss(
                "evaluate", "--prediction", out, "--reference", data.resolve("masks"), "--missing", "skip", "--json");
        assertThat(evaluate.json().at("/scores/0/dice").doubleValue()).isBetween(0.0, 1.0);

        writesProbabilities(trained.resolve("checkpoint.safetensors"), data, images);
    }

    private void writesProbabilities(Path checkpoint, Path data, Path images) throws IOException {
        Path out = folder.resolve("decided");
        Path maps = folder.resolve("maps");
        Path image = images.resolve("cube_2.nii.gz");
        Call predict = segloss(
                "predict", "--checkpoint", checkpoint, "--image", images, "--out", out, "--probabilities", maps);
        assertThat(predict.status()).as(predict.err()).isZero();
        assertThat(predict.out()).contains("Probabilities: " + maps);
        Volume map = Images.read(maps.resolve("cube_2.nii.gz"));
        assertThat(map.geometry()).isEqualTo(Images.info(image).geometry());
        byte[] labels = Images.readLabels(out.resolve("cube_2.nii.gz")).values();
        for (int i = 0; i < labels.length; i++) {
            assertThat(map.values()[i]).isBetween(0f, 1f);
            assertThat(labels[i] == 1).isEqualTo(map.values()[i] >= 0.5f);
        }
        List<Object> evaluate = List.of(
                "evaluate", "--prediction", out, "--reference", data.resolve("masks"), "--missing", "skip", "--json");
        Call scored = segloss(Stream.concat(evaluate.stream(), Stream.of("--probabilities", maps))
                .toArray());
        assertThat(scored.json().at("/scores/0/brier").doubleValue()).isBetween(0.0, 1.0);

        Path array = folder.resolve("map.npy");
        Path label = folder.resolve("label.nii.gz");
        List<Object> one = List.of("predict", "--checkpoint", checkpoint, "--image", image, "--out", label);
        assertThat(segloss(Stream.concat(one.stream(), Stream.of("--probabilities", array))
                                .toArray())
                        .status())
                .isZero();
        assertThat(ArrayFile.read(array).array().shape())
                .containsExactly(
                        map.geometry().z(), map.geometry().y(), map.geometry().x());
        assertThat(ArrayFile.read(array).array().toFloats()).isEqualTo(map.values());
        for (Object[] wrong : new Object[][] {
            {folder.resolve("map.png"), "doesn't hold probabilities"},
            {image, "would replace the input"},
            {label, "would both go to"}
        }) {
            Call refused = segloss(Stream.concat(one.stream(), Stream.of("--probabilities", wrong[0]))
                    .toArray());
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).contains((String) wrong[1]).doesNotContain("predicting");
        }
    }

    /// The voxels of the header scan.mhd lie in a file that a prediction named other.mhd would write.
    private void refusesToReplaceVoxelsBesideAHeader(Path checkpoint, Path image) throws IOException {
        Path header = folder.resolve("beside/scan.mhd");
        Images.write(header, Images.read(image));
        Path voxels = Files.move(header.resolveSibling("scan.zraw"), header.resolveSibling("other.zraw"));
        Files.writeString(header, Files.readString(header).replace("scan.zraw", "other.zraw"));
        byte[] before = Files.readAllBytes(voxels);
        Path out = header.resolveSibling("other.mhd");
        Call over = segloss("predict", "--checkpoint", checkpoint, "--image", header, "--out", out);
        assertThat(over.status()).isEqualTo(2);
        assertThat(over.err())
                .contains("would replace " + voxels + ", the voxels of the input " + header, "give another --out")
                .doesNotContain("predicting");
        assertThat(voxels).hasBinaryContent(before);
        Path linked = Files.createSymbolicLink(folder.resolve("linked.mhd"), header);
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", header, "--out", linked)
                        .err())
                .contains("would replace the input " + header);
        Path unsayable = folder.resolve("a%b.mhd");
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", header, "--out", unsayable)
                        .err())
                .contains("a%b.zraw", "write .mha")
                .doesNotContain("predicting");
    }

    /// Before anything is written, and without touching the images.
    private void refusesImagesThatCannotBePredicted(Path checkpoint, Path images) throws IOException {
        Path image = images.resolve("cube_2.nii.gz");
        byte[] before = Files.readAllBytes(image);
        Call over = segloss("predict", "--checkpoint", checkpoint, "--image", images, "--out", images);
        assertThat(over.status()).isEqualTo(2);
        assertThat(over.err()).contains("would replace the input", "cube_2.nii.gz", "--out");
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", image)
                        .status())
                .isEqualTo(2);
        assertThat(image).hasBinaryContent(before);
        assertThat(images.resolve("task.json")).doesNotExist();
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", folder.resolve("one.nii"))
                        .out())
                .contains("one.nii (for evaluate: --task binary)");

        refusesToReplaceVoxelsBesideAHeader(checkpoint, image);

        for (String[] wrong : new String[][] {{"one", "should end with"}, {"one.png", "a PNG holds one slice"}}) {
            Call form =
                    segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", folder.resolve(wrong[0]));
            assertThat(form.status()).isEqualTo(2);
            // before anything is predicted
            assertThat(form.err()).contains(wrong[1]).doesNotContain("predicting");
        }
        Path channels = folder.resolve("channels.nii.gz");
        Images.write(channels, Images.read(image).repeated(2));
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", channels, "--out", folder.resolve("c.nii"))
                        .err())
                .contains("channels.nii.gz: the image has 2 channels, but the network was trained with 1");

        Path twice = Files.createDirectories(folder.resolve("twice"));
        Images.write(twice.resolve("a.nii"), Images.read(image));
        Images.write(twice.resolve("a.nii.gz"), Images.read(image));
        Path out = folder.resolve("never");
        Call both = segloss("predict", "--checkpoint", checkpoint, "--image", twice, "--out", out);
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("a.nii ", "a.nii.gz", "would both go to");

        Files.delete(twice.resolve("a.nii"));
        Volume hole = Images.read(image);
        hole.values()[17] = Float.NaN;
        Images.write(twice.resolve("b.nii.gz"), hole);
        Call nan = segloss("predict", "--checkpoint", checkpoint, "--image", twice, "--out", out);
        assertThat(nan.status()).isEqualTo(2);
        assertThat(nan.err()).contains("b.nii.gz", "NaN");
        Volume good = Images.read(image);
        Images.write(twice.resolve("c.nii.gz"), new Volume(Geometry.scaled(8, 8, 8, 1, 1, 0.001), 1, good.values()));
        Files.createDirectories(twice.resolve("d.nii.gz"));
        Call bad = segloss("predict", "--checkpoint", checkpoint, "--image", twice, "--out", out);
        assertThat(bad.status()).isEqualTo(2);
        assertThat(bad.err())
                .contains(
                        "3 of 4 images can't be predicted:\n",
                        "b.nii.gz: 1 voxels are NaN",
                        "c.nii.gz: the image's",
                        "d.nii.gz: this is a folder. Give an image file.");
        Files.delete(twice.resolve("d.nii.gz"));
        Files.delete(twice.resolve("c.nii.gz"));

        Files.delete(twice.resolve("b.nii.gz"));
        Path broken = Files.writeString(folder.resolve("broken.safetensors"), "x");
        Call ensemble =
                segloss("predict", "--checkpoint", checkpoint, "--checkpoint", broken, "--image", twice, "--out", out);
        assertThat(ensemble.status()).isEqualTo(2);
        assertThat(ensemble.err()).contains("broken.safetensors is no checkpoint");
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
                        .status())
                .isZero();
        Path gray = folder.resolve("gray.png");
        picture(gray, 0x808080);
        Path out = folder.resolve("gray_label.png");
        Call call = segloss(
                "predict", "--checkpoint", trained.resolve("checkpoint.safetensors"), "--image", gray, "--out", out);
        assertThat(call.status()).as(call.err()).isZero();
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
    void aTrainingGoesOnAndOtherSettingsAreRefused() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path out = folder.resolve("trained");
        List<Object> command =
                List.of("train", "--data", data, "--test", 1, "--loss", "dice", "--steps", 2, "--out", out);
        assertThat(segloss(command.toArray()).status()).isZero();
        byte[] checkpoint = Files.readAllBytes(out.resolve("checkpoint.safetensors"));
        assertThat(segloss(command.toArray()).status()).isZero();
        assertThat(out.resolve("checkpoint.safetensors")).hasBinaryContent(checkpoint);

        Call other = segloss("train", "--data", data, "--test", 1, "--loss", "bce", "--steps", 2, "--out", out);
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("loss was dice, is bce", "--restart");
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
                        .status())
                .isZero();
        assertThat(Checkpoint.read(out.resolve("checkpoint.safetensors"))
                        .plan()
                        .loss()
                        .text())
                .isEqualTo("bce");
    }
}
