package org.segloss.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dataset.Case;
import org.segloss.fit.Toy;
import org.segloss.fit.Trainer;
import org.segloss.fit.Validator.Validated;
import org.segloss.loss.Task;
import org.segloss.metric.Overlap;
import org.segloss.net.Network;
import org.segloss.plan.Precision;

class CaseValidatorTest {
    @TempDir
    Path folder;

    @Test
    void theLastValidationIsTheDiceOfTheCheckpoint() throws IOException {
        var plan = Toy.plan("dice", 60);
        List<Case> unseen = List.of(Toy.ball(6, 12, 12, 8), Toy.ball(7, 12, 12, 8));
        Trainer.Result result = Trainer.train(
                plan,
                Toy.balls(4),
                folder,
                (_, _, _) -> {},
                Optional.of(new CaseValidator(plan, unseen, Toy.balls(4))));
        double sum = 0;
        try (Predictor predictor = Predictor.open(result.checkpoint(), "cpu")) {
            for (Case c : unseen) {
                byte[] predicted = predictor.predict(c.image()).values();
                sum += Overlap.of(predicted, c.label().values()).dice();
            }
        }
        List<String> lines = Files.readAllLines(folder.resolve("validation.csv"));
        assertThat(lines).hasSize(6).startsWith("step,dice").endsWith("60," + sum / 2);
        assertThat(sum).isPositive();
    }

    @Test
    void looksDoNotChangeTheTraining() throws IOException {
        var plan = Toy.plan("dice", 10);
        Path with = Trainer.train(
                        plan,
                        Toy.balls(2),
                        folder.resolve("with"),
                        (_, _, _) -> {},
                        Optional.of(new CaseValidator(plan, List.of(Toy.ball(6, 12, 12, 8)), Toy.balls(2))))
                .checkpoint();
        Path without = Trainer.train(plan, Toy.balls(2), folder.resolve("without"), (_, _, _) -> {})
                .checkpoint();
        // all but what the header says of these cases
        assertThat(withoutHash(with)).isEqualTo(withoutHash(without));
        assertThat(folder.resolve("without/validation.csv")).doesNotExist();
    }

    private static String withoutHash(Path checkpoint) throws IOException {
        String bytes = Files.readString(checkpoint, StandardCharsets.ISO_8859_1);
        String without = bytes.replaceFirst("\"validation\":\"[0-9a-f]{64}\"", "");
        assertThat(without).isNotEqualTo(bytes);
        return without;
    }

    /// By hand: the Dice of the voxels that are left.
    @Test
    void whatIsIgnoredIsNotValidated() throws IOException {
        var plan = Toy.plan(Task.binary().ignoring(255), "dice", 1);
        Case ball = Toy.ball(6, 12, 12, 8);
        Case unknown = Toy.ball(7, 12, 12, 8);
        byte[] labels = ball.label().values();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 3 == 0 ? (byte) 255 : labels[i];
        }
        Arrays.fill(unknown.label().values(), (byte) 255);
        try (Network network = new Network(plan.network(), 1, "cpu", Precision.FLOAT32)) {
            byte[] predicted = Predictor.of(network, plan).predict(ball.image()).values();
            double both = 0;
            double sum = 0;
            for (int i = 0; i < labels.length; i++) {
                boolean known = i % 3 != 0;
                both += known && labels[i] == 1 && predicted[i] == 1 ? 1 : 0;
                sum += known ? labels[i] + predicted[i] : 0;
            }
            Validated found = new CaseValidator(plan, List.of(ball, unknown), List.of(ball)).validate(network);
            assertThat(found.dice()).hasValue(2 * both / sum);
            // nothing ignored has a colour, and the slice has the most voxels that have one
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(found.png()));
            int coloured = 0;
            for (int i = 0; i < 144; i++) {
                coloured += isGray(picture.getRGB(12 + i % 12, i / 12)) ? 0 : 1;
            }
            assertThat(coloured).isBetween(5, 96);
        }
    }

    /// Whatever the network makes of voxels that don't count, they look the same beside the reference.
    @Test
    void whatIsIgnoredIsStripedInThePredictionToo() throws IOException {
        var plan = Toy.plan(Task.binary().ignoring(255), "dice", 1);
        Case ball = Toy.ball(6, 12, 12, 8);
        byte[] labels = ball.label().values();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 12 < 6 ? (byte) 255 : labels[i];
        }
        try (Network network = new Network(plan.network(), 1, "cpu", Precision.FLOAT32)) {
            byte[] predicted = Predictor.of(network, plan).predict(ball.image()).values();
            int hidden = 0;
            for (int i = 0; i < labels.length; i++) {
                hidden += labels[i] == (byte) 255 ? predicted[i] : 0;
            }
            assertThat(hidden).isPositive();
            Validated found = new CaseValidator(plan, List.of(ball), List.of(ball)).validate(network);
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(found.png()));
            for (int y = 0; y < 12; y++) {
                for (int x = 0; x < 6; x++) {
                    assertThat(picture.getRGB(24 + x, y)).isEqualTo(picture.getRGB(12 + x, y));
                }
            }
        }
    }

    @Test
    void thePictureHasTheImageTheReferenceAndThePrediction() throws IOException {
        var plan = Toy.plan("dice", 1);
        Case ball = Toy.ball(0, 12, 10, 8);
        var validator = new CaseValidator(plan, List.of(), List.of(ball));
        assertThat(validator.cases()).isEmpty();
        try (Network network = new Network(plan.network(), 1, "cpu", Precision.FLOAT32)) {
            Validated found = validator.validate(network);
            assertThat(found.dice()).isEmpty();
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(found.png()));
            assertThat(picture.getWidth()).isEqualTo(36).isEqualTo(found.width());
            assertThat(picture.getHeight()).isEqualTo(10).isEqualTo(found.height());
            byte[] labels = ball.label().values();
            int most = 0;
            int coloured = 0;
            for (int z = 0; z < 8; z++) {
                int count = 0;
                for (int i = 0; i < 120; i++) {
                    count += labels[z * 120 + i];
                }
                most = Math.max(most, count);
            }
            for (int y = 0; y < 10; y++) {
                for (int x = 0; x < 12; x++) {
                    assertThat(isGray(picture.getRGB(x, y))).isTrue();
                    coloured += isGray(picture.getRGB(12 + x, y)) ? 0 : 1;
                }
            }
            assertThat(coloured).isEqualTo(most);
        }
    }

    private static boolean isGray(int rgb) {
        return (rgb >> 16 & 0xFF) == (rgb >> 8 & 0xFF) && (rgb & 0xFF) == (rgb >> 8 & 0xFF);
    }
}
