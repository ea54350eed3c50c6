package org.segloss.predict;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.segloss.dataset.Case;
import org.segloss.fit.Trainer;
import org.segloss.fit.Validator;
import org.segloss.grid.Grid;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.metric.OverlapMetric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;
import org.segloss.net.Network;
import org.segloss.plan.TrainingPlan;

/// Validates on whole cases: the mean Dice of the validation cases, and a slice of one case beside what the network
/// makes of it.
///
/// @param plan       of the training
/// @param validation cases that train nothing; the first [#MOST] of them are predicted
/// @param training   the first of them is shown where there is nothing to validate on
public record CaseValidator(TrainingPlan plan, List<Case> validation, List<Case> training) implements Validator {
    /// More cases would cost more time than a glance is worth.
    public static final int MOST = 10;

    private static final Scorer DICE = new Scorer(List.of(OverlapMetric.DICE), Policy.DEFAULT);

    private static final int[] COLOURS = {0xE69F00, 0x56B4E9, 0x009E73, 0xCC79A7, 0xF0E442, 0xD55E00};

    public CaseValidator {
        // parts of the lists, which read a case when they are asked for it
        validation = validation.subList(0, Math.min(MOST, validation.size()));
        training = training.subList(0, training.size());
    }

    /// {@return about how long the validations of a training take}
    ///
    /// @param step of the training
    public Duration time(Duration step) {
        return Predictor.time(plan, seen(), step).multipliedBy(Trainer.VALIDATIONS);
    }

    /// {@return the cases that a validation predicts}
    private List<Case> seen() {
        return validation.isEmpty() ? training.subList(0, 1) : validation;
    }

    @Override
    public List<Case> cases() {
        return validation;
    }

    @Override
    public Validated validate(Network network) {
        // not closed: the network goes on training
        Predictor predictor = Predictor.of(network, plan);
        var dices = new ArrayList<Double>();
        BufferedImage picture = null;
        for (Case c : seen()) {
            Labels prediction = predictor.predict(c.image());
            if (!validation.isEmpty()) {
                dices.add(dice(prediction, c.label()));
            }
            if (picture == null) {
                picture = picture(c, prediction);
            }
        }
        OptionalDouble dice = dices.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> !Double.isNaN(value))
                .average();
        var png = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Validated(dice, png.toByteArray(), picture.getWidth(), picture.getHeight());
    }

    /// The mean over the classes; a class that neither has is predicted rightly. NaN where every voxel is ignored.
    private double dice(Labels prediction, Labels reference) {
        List<Score> scores = plan.labels().regions().isEmpty()
                ? dice(
                        prediction,
                        reference,
                        IntStream.range(1, plan.task().classes()).boxed().toList())
                : IntStream.range(0, plan.labels().channels())
                        .mapToObj(region -> dice(of(region, prediction), of(region, reference), List.of(1)))
                        .flatMap(List::stream)
                        .toList();
        return Scorer.mean(OverlapMetric.DICE, scores).value();
    }

    private List<Score> dice(Labels prediction, Labels reference, List<Integer> classes) {
        Geometry grid = reference.geometry();
        return DICE
                .scoreClasses(
                        prediction.values(),
                        reference.values(),
                        classes,
                        plan.task().ignoredLabels(),
                        // counts of voxels are the same whatever their size
                        new Grid(grid.z(), grid.y(), grid.x(), 1, 1, 1),
                        1)
                .values()
                .stream()
                .map(score -> score.get(OverlapMetric.DICE))
                .toList();
    }

    /// {@return where a region is, and what is ignored as it was}
    private Labels of(int region, Labels labels) {
        boolean[] members = plan.labels().membership(region);
        byte[] becomes = new byte[Labels.LARGEST + 1];
        for (int label = 0; label < becomes.length; label++) {
            becomes[label] = (byte) (plan.task().ignoredLabels().contains(label) ? label : members[label] ? 1 : 0);
        }
        return labels.mapped(becomes);
    }

    /// The slice with most of the reference: the image, with the reference, with the prediction. What is
    /// ignored has
    /// stripes in both, for nothing is scored there.
    private BufferedImage picture(Case shown, Labels prediction) {
        Volume image = shown.image();
        Geometry grid = image.geometry();
        int plane = grid.x() * grid.y();
        Set<Integer> ignored = plan.task().ignoredLabels();
        int slice = 0;
        long most = -1;
        for (int z = 0; z < grid.z(); z++) {
            byte[] reference = shown.label().values();
            int start = z * plane;
            long labelled = IntStream.range(start, start + plane)
                    .filter(i -> reference[i] != 0 && !ignored.contains(reference[i] & 0xFF))
                    .count();
            if (labelled > most) {
                most = labelled;
                slice = z;
            }
        }
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = slice * plane; i < (slice + 1) * plane; i++) {
            low = Math.min(low, image.values()[i]);
            high = Math.max(high, image.values()[i]);
        }
        var picture = new BufferedImage(3 * grid.x(), grid.y(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < plane; i++) {
            int voxel = slice * plane + i;
            int gray = high > low ? Math.round(255 * (image.values()[voxel] - low) / (high - low)) : 0;
            int x = i % grid.x();
            int y = i / grid.x();
            picture.setRGB(x, y, mixed(gray, (byte) 0));
            byte label = shown.label().values()[voxel];
            boolean unknown = ignored.contains(label & 0xFF);
            picture.setRGB(grid.x() + x, y, unknown ? striped(gray, x + y) : mixed(gray, label));
            byte predicted = prediction.values()[voxel];
            picture.setRGB(2 * grid.x() + x, y, unknown ? striped(gray, x + y) : mixed(gray, predicted));
        }
        return picture;
    }

    private static int striped(int gray, int diagonal) {
        return (diagonal % 4 == 0 ? 255 - gray / 2 : gray) * 0x010101;
    }

    private static int mixed(int gray, byte label) {
        int rgb = gray * 0x010101;
        if (label == 0) {
            return rgb;
        }
        int colour = COLOURS[((label & 0xFF) - 1) % COLOURS.length];
        // the mean of each byte
        return ((rgb ^ colour) >> 1 & 0x7F7F7F) + (rgb & colour);
    }
}
