package org.segloss.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

class FormatsTest {
    @TempDir
    Path folder;

    /// As one that keeps colours roughly.
    record Lossy() implements ImageFormat {
        @Override
        public String name() {
            return "Lossy";
        }

        @Override
        public List<String> endings() {
            return List.of(".lossy");
        }

        @Override
        public boolean recognises(byte[] head) {
            return false;
        }

        @Override
        public boolean recognisesFolder(Path folder) {
            return folder.endsWith("one");
        }

        @Override
        public boolean holdsLabels() {
            return false;
        }

        @Override
        public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) {
            return Optional.empty();
        }

        @Override
        public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) {
            return Optional.empty();
        }

        @Override
        public void write(Path file, Geometry geometry, NumericArray values) {}
    }

    private static ImageFormat named(String ending) {
        return Formats.IMAGES.named(Path.of("a" + ending)).orElseThrow();
    }

    /// A module path knows the one, a class path the other.
    @ParameterizedTest
    @ValueSource(classes = {ImageFormat.class, ArrayFormat.class})
    void theModuleAndTheServiceFileNameTheSameFormats(Class<?> service) throws IOException {
        List<String> file = Files.readAllLines(Path.of("src/main/resources/META-INF/services", service.getName()));
        assertThat(Formats.class.getModule().getDescriptor().provides()).anySatisfy(provides -> {
            assertThat(provides.service()).isEqualTo(service.getName());
            assertThat(provides.providers()).isEqualTo(file);
        });
        assertThat(Formats.ARRAYS.list().stream()
                        .filter(service::isInstance)
                        .map(format -> format.getClass().getName()))
                .containsExactlyElementsOf(file);
    }

    @Test
    void segmentationsAreWrittenInNoFormatThatLosesLabels() {
        var images = new Formats<ImageFormat>(List.of(named(".nii"), new Lossy(), named(".png")));
        Formats<ImageFormat> labels = Formats.holdingLabels(images);
        assertThat(images.named(Path.of("a.lossy"))).isPresent();
        assertThat(labels.named(Path.of("a.lossy"))).isEmpty();
        assertThat(labels.named(Path.of("a.PNG"))).isPresent();
        assertThat(labels.endings()).isEqualTo(".nii.gz, .nii, .hdr, .hdr.gz or .png");
        assertThat(Formats.LABELS).isEqualTo(Formats.holdingLabels(Formats.IMAGES));
    }

    @Test
    void aFolderIsOneImageWhereAFormatSaysSo() throws IOException {
        var images = new Formats<ImageFormat>(List.of(named(".nii"), new Lossy()));
        Path one = Files.createDirectory(folder.resolve("one"));
        Path many = Files.createDirectory(folder.resolve("many"));
        Path hidden = Files.createDirectory(folder.resolve(".one"));
        assertThat(images.of(one)).contains(new Lossy());
        assertThat(images.of(many)).isEmpty();
        assertThat(images.isImageFolder(one)).isTrue();
        assertThat(List.of(one, many, hidden, folder.resolve("a.nii")))
                .filteredOn(images::include)
                .containsExactly(one, folder.resolve("a.nii"));
        // none of the formats here
        assertThat(Images.inspect(one).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("this is a folder"));
        assertThat(Images.files(one)).isEmpty();
    }

    @Test
    void anArrayIsReadAndWrittenByTheFormatOfItsName() throws IOException {
        NumericArray array = NumericArray.of(new float[] {1, 2, 3, 4}, List.of(1, 2, 2));
        for (FileFormat format : Formats.ARRAYS.list()) {
            for (String ending : format.endings()) {
                Path file = folder.resolve("a" + ending);
                assertThat(ArrayFile.written(file)).first().isEqualTo(file);
                if (format instanceof ImageFormat image && (image.isPicture() || !image.holdsLabels())) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> ArrayFile.write(file, array, () -> Geometry.identity(2, 2, 1)))
                            .withMessageContaining("write " + Formats.IMAGES.ownEnding());
                    continue;
                }
                ArrayFile.write(file, array, () -> Geometry.identity(2, 2, 1));
                ArrayFile read = ArrayFile.read(file);
                assertThat(read.array().toDoubles()).containsExactly(1, 2, 3, 4);
                assertThat(read.array().shape()).containsExactly(1, 2, 2);
                assertThat(read.grid().isPresent()).isEqualTo(format instanceof ImageFormat);
                assertThat(ArrayFile.written(file)).allMatch(Files::exists);
            }
        }
        Path other = folder.resolve("a.txt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArrayFile.written(other))
                .withMessageContaining(Formats.ARRAYS.endings());
    }
}
