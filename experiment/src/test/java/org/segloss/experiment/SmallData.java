package org.segloss.experiment;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Reading;
import org.segloss.dataset.Split;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.Machine;
import org.segloss.plan.Overrides;
import org.segloss.plan.Preset;

/// Three bright cubes on dark ground, small enough to train on in a test. The file's labels are 0, 1 and 2.
public final class SmallData {
    private SmallData() {}

    public static Path write(Path folder) throws IOException {
        Geometry grid = Geometry.scaled(8, 8, 8, 1, 1, 1.5);
        for (int number = 1; number <= 3; number++) {
            float[] image = new float[512];
            byte[] label = new byte[512];
            for (int i = 0; i < 512; i++) {
                int x = i % 8;
                int y = i / 8 % 8;
                int z = i / 64;
                boolean inside = x >= number && x < number + 3 && y >= 2 && y < 6 && z >= 2 && z < 6;
                label[i] = (byte) (inside ? z < 4 ? 1 : 2 : 0);
                image[i] = (inside ? 100 : 0) + i * 37 % 11;
            }
            Images.write(folder.resolve("images/cube_%d.nii.gz".formatted(number)), new Volume(grid, 1, image));
            Images.write(folder.resolve("masks/cube_%d.nii.gz".formatted(number)), new Labels(grid, label));
        }
        return folder;
    }

    /// Bright squares in flat images, with the labels 0, 1 and 2.
    public static Path writeFlat(Path folder) throws IOException {
        Geometry grid = Geometry.identity(16, 16, 1);
        Files.createDirectories(folder.resolve("images"));
        for (int number = 1; number <= 3; number++) {
            var image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
            byte[] label = new byte[256];
            for (int i = 0; i < 256; i++) {
                boolean inside = i % 16 >= number && i % 16 < number + 6 && i / 16 >= 4 && i / 16 < 12;
                label[i] = (byte) (inside ? i / 16 < 8 ? 1 : 2 : 0);
                image.getRaster().setSample(i % 16, i / 16, 0, (inside ? 200 : 20) + i * 37 % 11);
            }
            ImageIO.write(
                    image,
                    "png",
                    folder.resolve("images/cube_%d.png".formatted(number)).toFile());
            Images.write(folder.resolve("masks/cube_%d.png".formatted(number)), new Labels(grid, label));
        }
        return folder;
    }

    public static Experiment experiment(Path folder, Task.Kind kind, int steps, String... losses) throws IOException {
        return experiment(folder, Set.of(), kind, steps, losses);
    }

    public static Experiment experiment(Path folder, Set<Integer> ignored, Task.Kind kind, int steps, String... losses)
            throws IOException {
        Split split = new Split(List.of("cube_1", "cube_2"), List.of(), List.of("cube_3"));
        List<Loss> parsed = List.of(losses).stream().map(Loss::parse).toList();
        Dataset dataset = Dataset.open(folder, Reading.ignoring(ignored));
        return new Experiment(
                folder,
                dataset,
                Groups.single(dataset.ids()),
                List.of(split),
                kind,
                parsed,
                Architecture.UNET,
                Preset.QUICK,
                Overrides.NONE,
                Optional.empty(),
                steps,
                List.of(5L),
                Machine.on("cpu"));
    }

    /// {@return an experiment with other folds}
    public static Experiment over(Experiment one, List<Split> folds) {
        return new Experiment(
                one.folder(),
                one.dataset(),
                one.groups(),
                folds,
                one.kind(),
                one.losses(),
                one.architecture(),
                one.preset(),
                one.overrides(),
                one.repeated(),
                one.steps(),
                one.seeds(),
                one.machine());
    }
}
