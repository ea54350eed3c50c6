package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.ElementType;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;

class ClassLabelsTest {
    @TempDir
    private Path root;

    /// The first voxels of case a, the others 0.
    private void write(int... labels) throws IOException {
        Folders.msd(root, 1, 2);
        int[] values = new int[24];
        System.arraycopy(labels, 0, values, 0, labels.length);
        Images.write(
                root.resolve("labelsTr/a.nii.gz"),
                Folders.GRID,
                new NumericArray(Images.shape(Folders.GRID, 1), ElementType.INT32, MemorySegment.ofArray(values)));
    }

    private byte[] read(Dataset dataset) throws IOException {
        return Arrays.copyOf(Case.read(dataset, dataset.entry("a")).label().values(), 5);
    }

    private static ClassLabels map(String text) {
        return ClassLabels.parse(text);
    }

    private static Reading mapped(String text) {
        return new Reading(Optional.empty(), Optional.of(map(text)), new TreeSet<>(), Marking.CLASSES);
    }

    @Test
    void anyNumbersAreClassesInTheirOrder() throws IOException {
        write(4, 1, 2);
        Dataset brats = Dataset.open(root);
        assertThat(brats.labels()).containsExactly("background", "label 1", "label 2", "label 4");
        assertThat(read(brats)).containsExactly(3, 1, 2, 0, 0);
        write(2035, 1000, 41);
        Dataset atlas = Dataset.open(root);
        assertThat(atlas.labels()).containsExactly("background", "label 41", "label 1000", "label 2035");
        assertThat(read(atlas)).containsExactly(3, 2, 1, 0, 0);
        Folders.json(root, "{\"0\": \"background\", \"1000\": \"insula\", \"2035\": \"cuneus\", \"41\": \"white\"}");
        assertThat(Dataset.open(root).labels()).containsExactly("background", "white", "insula", "cuneus");
        write(1, -1, 0);
        Folders.json(root, "{\"background\": 0, \"below\": -1, \"above\": 1}");
        assertThat(Dataset.open(root).labels()).containsExactly("background", "below", "above");
        assertThat(read(Dataset.open(root))).containsExactly(2, 1, 0, 0, 0);
    }

    @Test
    void whoeverUsesTheDataMayNameTheNumbers() throws IOException {
        write(4, 1, 2);
        Dataset dataset = Dataset.open(root, mapped("1=necrosis, 2+4=edema"));
        assertThat(dataset.labels()).containsExactly("background", "necrosis", "edema");
        assertThat(read(dataset)).containsExactly(2, 1, 2, 0, 0);
        Dataset one = Dataset.open(root, mapped("4=enhancing,1=background,2=ignore"));
        assertThat(read(one)).containsExactly(1, 0, 2, 0, 0);
        assertThat(one.ignored()).containsExactly(2);
        assertThatIOException()
                .isThrownBy(() -> read(Dataset.open(root, mapped("1=necrosis"))))
                .withMessageContaining("1 voxels have the label 2, also 4. The data set has the labels 0 to 1");
    }

    @Test
    void aNegativeNumberIsIgnoredWhereItIsSaid() throws IOException {
        write(1, -1, 2);
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("-1 may be a class, or mark voxels that don't count: say --ignore=-1");
        assertThat(read(Dataset.open(root, Reading.ignoring(Set.of(-1))))).containsExactly(1, 255, 2, 0, 0);
    }

    /// Also where a file has some of the colours alone, or none.
    @Test
    void coloursAreClasses() throws IOException {
        Files.createDirectories(root.resolve("images"));
        Files.createDirectories(root.resolve("masks"));
        for (String id : List.of("a", "b", "c")) {
            var image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(1, 1, 0, 9);
            ImageIO.write(image, "png", root.resolve("images/" + id + ".png").toFile());
            var mask = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
            if (!id.equals("c")) {
                mask.setRGB(0, 0, 0xFF0000);
                mask.setRGB(1, 0, id.equals("a") ? 0x00FF80 : 0xFF0000);
            }
            ImageIO.write(mask, "png", root.resolve("masks/" + id + ".png").toFile());
        }
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.labels()).containsExactly("background", "label #00ff80", "label #ff0000");
        assertThat(read(dataset)).containsExactly(2, 1, 0, 0, 0);
        assertThat(Case.read(dataset, dataset.entry("c")).label().values()).containsOnly(0);
        Dataset named = Dataset.open(root, mapped("#ff0000=nucleus,#00ff80=cell"));
        assertThat(read(named)).containsExactly(1, 2, 0, 0, 0);
    }

    @Test
    void predictionsHaveTheNumbersOfTheFilesWhereTheyAreBytes() {
        var predicted = new Labels(Folders.GRID, Arrays.copyOf(new byte[] {0, 1, 2, 3}, 24));
        var brats = new ClassLabels(
                List.of("background", "a", "b", "c"),
                List.of(List.of(0), List.of(1), List.of(200, 5), List.of(4)),
                List.of(-1));
        assertThat(brats.inFiles(predicted).values()).startsWith(0, 1, 5, 4);
        assertThat(brats.inMemory(brats.inFiles(predicted)).values()).isEqualTo(predicted.values());
        assertThat(brats.inFiles(LabelMap.of(predicted)).values()).startsWith(0, 1, 2, 3);
        var atlas = new ClassLabels(
                List.of("background", "a", "b", "c"),
                List.of(List.of(0), List.of(1000), List.of(2), List.of(-4)),
                List.of());
        assertThat(atlas.inFiles(predicted)).isEqualTo(predicted);
        assertThat(atlas.inMemory(predicted)).isEqualTo(predicted);
        assertThat(atlas.inFiles(LabelMap.of(predicted)).values()).startsWith(0, 1000, 2, -4);
    }

    @Test
    void mistakesAreQuoted() {
        for (String[] wrong : new String[][] {
            {"1", "'1' in '1' is no class"},
            {"1=", "'1=' in '1=' is no class"},
            {"1=a, x=b", "'x' in '1=a, x=b' is no label"},
            {"1=a, 2=a", "'a' in '1=a, 2=a'"},
            {"1=a, 1=b", "the number 1 of the class 'b' is that of another one, or ignored"},
            {"0=a", "the number 0 of the class 'a' is that of another one"},
            {"1=a, 1=ignore", "the number 1 of the class 'a'"},
            {"1=ignore", "from 2 to"},
            {"#12345=a", "'#12345' in"},
            {"1=a\u0007", "control characters"},
            {"99999999999=a", "is no label"}
        }) {
            assertThatIllegalArgumentException()
                    .as(wrong[0])
                    .isThrownBy(() -> map(wrong[0]))
                    .withMessageContaining(wrong[1]);
        }
        assertThat(map("1=a,2+#ff0000=b b").numbers()).hasSize(3);
    }
}
