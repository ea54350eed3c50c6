package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

class DatasetTest {
    @TempDir
    Path root;

    private static byte[] mask(int on) {
        byte[] values = new byte[24];
        values[5] = (byte) on;
        values[6] = (byte) on;
        return values;
    }

    private void pngPair(String name, boolean coloured, int on) throws IOException {
        var image = new BufferedImage(6, 4, coloured ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 24; i++) {
            int[] pixel = coloured ? new int[] {10, 20, i} : new int[] {i};
            image.getRaster().setPixel(i % 6, i / 6, pixel);
        }
        Files.createDirectories(root.resolve("images"));
        ImageIO.write(image, "png", root.resolve("images/" + name).toFile());
        Images.write(root.resolve("masks/" + name), new Labels(Geometry.identity(6, 4, 1), mask(on)));
    }

    @Test
    void theDecathlonsFormIsRead() throws IOException {
        Folders.msd(root, 3, 3);
        Files.writeString(root.resolve("dataset.json"), """
                {"name": "Liver", "labels": {"0": "background", "1": "liver", "2": "tumour"},
                 "training": [{"image": "./imagesTr/a.nii.gz", "label": "./labelsTr/a.nii.gz"}]}
                """);
        Files.writeString(root.resolve("imagesTr/.DS_Store"), "x");
        Files.writeString(root.resolve("labelsTr/._a.nii.gz"), "x");
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.tomography()).isEmpty();
        assertThat(dataset.name()).isEqualTo("Liver");
        assertThat(dataset.dimensions()).isEqualTo(3);
        assertThat(dataset.channels()).isEqualTo(1);
        assertThat(dataset.labels()).containsExactly("background", "liver", "tumour");
        assertThat(dataset.cases()).extracting(Dataset.Entry::id).containsExactly("a", "b", "c");
        Case c = Case.read(dataset, dataset.entry("b"));
        assertThat(c.image().values()).isEqualTo(Folders.image(1).values());
        assertThat(c.label().values()).isEqualTo(Folders.label(1, 3).values());
        assertThat(c.label().geometry()).isEqualTo(Folders.GRID);
    }

    @Test
    void channelsOfTomographyAreThoseThatAreCalledSo() throws IOException {
        Folders.msd(root, 1, 2);
        for (String channels : new String[] {"\"modality\": {\"0\": \"CT\"}", "\"channel_names\": {\"0\": \"ct\"}"}) {
            Files.writeString(root.resolve("dataset.json"), "{" + channels + "}");
            assertThat(Dataset.open(root).tomography()).containsExactly(0);
        }
        for (String channels : new String[] {"{\"0\": \"MRI\"}", "{\"first\": \"CT\"}", "\"CT\"", "{\"0\": 7}"}) {
            Files.writeString(root.resolve("dataset.json"), "{\"modality\": " + channels + "}");
            assertThat(Dataset.open(root).tomography()).as(channels).isEmpty();
        }
        Files.writeString(root.resolve("dataset.json"), "{\"modality\": {\"0\": \"CT\", \"1\": \"CT\"}}");
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageEndingWith(
                        "dataset.json: channel 1 is called CT. The images have 1, and the first is number 0.");
    }

    @Test
    void nnUNetsFormIsRead() throws IOException {
        Images.write(root.resolve("imagesTr/case_1_0000.nii.gz"), Folders.image(0));
        Images.write(root.resolve("labelsTr/case_1.nii.gz"), Folders.label(0, 2));
        Files.writeString(root.resolve("dataset.json"), """
                {"channel_names": {"0": "MRI"}, "labels": {"organ": 1, "background": 0}, "file_ending": ".nii.gz"}
                """);
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.labels()).containsExactly("background", "organ");
        assertThat(dataset.cases())
                .singleElement()
                .satisfies(entry -> assertThat(entry.id()).isEqualTo("case_1"));
        assertThat(dataset.name()).isEqualTo(root.getFileName().toString());
        Images.write(root.resolve("imagesTr/case_1_0001.nii.gz"), Folders.image(0));
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("it names 1 channel (MRI), but cases have files of 2: 0000, 0001");
    }

    @Test
    void labelsThatNobodyDeclaresAreFoundInTheFiles() throws IOException {
        Dataset dataset = Dataset.open(Folders.msd(root, 2, 4));
        assertThat(dataset.labels()).containsExactly("background", "label 1", "label 2", "label 3");
    }

    @Test
    void masksOf255AreBinary() throws IOException {
        pngPair("x.png", false, 255);
        pngPair("y.png", false, 255);
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.dimensions()).isEqualTo(2);
        assertThat(dataset.channels()).isEqualTo(1);
        assertThat(dataset.labels()).containsExactly("background", "foreground");
        assertThat(Case.read(dataset, dataset.entry("y")).label().values()).isEqualTo(mask(1));
    }

    @Test
    void masksOfAnyOneValueAreBinary() throws IOException {
        pngPair("x.png", false, 128);
        pngPair("y.png", false, 0);
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.labels()).hasSize(2);
        assertThat(Case.read(dataset, dataset.entry("x")).label().values()).isEqualTo(mask(1));
        assertThat(Case.read(dataset, dataset.entry("y")).label().values()).isEqualTo(mask(0));
    }

    @Test
    void grayImagesAmongColouredOnesGetThreeChannels() throws IOException {
        pngPair("x.png", false, 1);
        pngPair("y.png", true, 1);
        Dataset dataset = Dataset.open(root);
        assertThat(dataset.channels()).isEqualTo(3);
        Volume gray = Case.read(dataset, dataset.entry("x")).image();
        assertThat(gray.channels()).isEqualTo(3);
        for (int i = 0; i < 24; i++) {
            assertThat(gray.values()[i]).isEqualTo(i);
            assertThat(gray.values()[24 + i]).isEqualTo(i);
            assertThat(gray.values()[48 + i]).isEqualTo(i);
        }
        Volume coloured = Case.read(dataset, dataset.entry("y")).image();
        assertThat(coloured.values()[0]).isEqualTo(10);
        assertThat(coloured.values()[24]).isEqualTo(20);
        assertThat(coloured.values()[48 + 7]).isEqualTo(7);
    }

    @Test
    void anImageMayBeNiftiAndItsMaskPng() throws IOException {
        Images.write(root.resolve("images/a.nii"), new Volume(Geometry.identity(6, 4, 1), 1, new float[24]));
        Images.write(root.resolve("labels/a.png"), new Labels(Geometry.identity(6, 4, 1), mask(1)));
        Dataset dataset = Dataset.open(root);
        assertThat(Case.read(dataset, dataset.entry("a")).label().values()).isEqualTo(mask(1));
    }

    @Test
    void incompletePairsAreAllNamed() throws IOException {
        Folders.msd(root, 3, 2);
        Files.delete(root.resolve("imagesTr/a.nii.gz"));
        Files.delete(root.resolve("labelsTr/c.nii.gz"));
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("has 2 problems")
                .withMessageContaining("imagesTr/c.nii.gz: this image has no segmentation")
                .withMessageContaining("labelsTr/a.nii.gz: this segmentation has no image");
    }

    @Test
    void foldersThatAreNoDataSetSaySo() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("no data set")
                .withMessageContaining("imagesTr and labelsTr");
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root.resolve("nowhere")))
                .withMessageContaining("no such folder");
        Files.createDirectories(root.resolve("images"));
        Files.createDirectories(root.resolve("masks"));
        assertThatIOException().isThrownBy(() -> Dataset.open(root)).withMessageContaining("there are no cases");
    }

    @Test
    void aWrongDatasetJsonIsNamed() throws IOException {
        Folders.msd(root, 1, 2);
        checkLabels("{\"1\": \"organ\", \"2\": \"vessel\"}", "[1, 2]", "0 for the background");
        checkLabels("{\"0\": \"background\"}", "the labels have the values [0]");
        checkLabels("[\"bg\", \"organ\"]", "'labels' is a list", "{\"0\": \"background\", \"1\": \"organ\"}");
        checkLabels("\"organ\"", "'labels' is no object");
        checkLabels("{\"a\": 0, \"b\": 1, \"c\": 1}", "'b' and 'c'");
        checkLabels("{\"background\": 0, \"x\": 1, \"ignore\": 1.5}", "'ignore' has the value 1.5");
        checkLabels("{\"2\": \"ignore\", \"3\": \"ignore\", \"0\": \"a\", \"1\": \"b\"}", "[2, 3]", "--ignore");
        checkLabels("{\"0\": \"background\", \"1\": \"a\\u001b[2J\"}", "'a\\u001b[2J' has control characters");
        checkLabels("{\"background\": 0,", "line 1", "no correct JSON");
        Files.writeString(root.resolve("dataset.json"), "[]");
        assertThatIOException().isThrownBy(() -> Dataset.open(root)).withMessageContaining("no JSON object");
        // what is no path here is no case
        Files.writeString(root.resolve("dataset.json"), "{\"training\": [\"/\", \"a\\u0000.nii\", \"\"]}");
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("it lists 3 cases without files");
        Files.writeString(
                root.resolve("dataset.json"), "{\"training\": [\"imagesTr/z.nii.gz\", \"imagesTr/a.nii.gz\"]}");
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("lists 1 case without files: z");
    }

    private void checkLabels(String labels, String... words) throws IOException {
        Folders.json(root, labels);
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("dataset.json")
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void valuesThatAreNoLabelsAreNamed() throws IOException {
        Folders.msd(root, 2, 2);
        float[] many = new float[600];
        for (int i = 0; i < many.length; i++) {
            many[i] = i / 2;
        }
        var grid = new Geometry(10, 10, 6, Folders.GRID.affine());
        Images.write(root.resolve("labelsTr/a.nii.gz"), new Volume(grid, 1, many));
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("300 values: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ... 299")
                .withMessageContaining("an image rather than labels");
    }

    @Test
    void imagesWithOtherChannelsAreNamed() throws IOException {
        Folders.msd(root, 2, 2);
        Images.write(root.resolve("imagesTr/b.nii.gz"), new Volume(Folders.GRID, 2, new float[48]));
        assertThatIOException()
                .isThrownBy(() -> Dataset.open(root))
                .withMessageContaining("imagesTr/a.nii.gz: this image has 1 channels, others have 2");
    }

    @Test
    void anUnknownCaseIsNamed() throws IOException {
        Dataset dataset = Dataset.open(Folders.msd(root, 2, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dataset.entry("z"))
                .withMessageContaining("has no case 'z'")
                .withMessageContaining("a to b");
    }
}
