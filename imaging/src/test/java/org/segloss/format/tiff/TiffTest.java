package org.segloss.format.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.Finding;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

class TiffTest {
    // tifffile 2026.3.3 and Pillow 13.0.0 wrote the files and read these numbers: make-tiff.py
    private static final JsonNode EXPECTED = Resources.json("tiff/tiff.json");

    @TempDir
    Path folder;

    static Stream<String> names() {
        return EXPECTED.propertyNames().stream();
    }

    private static Path file(String name) {
        return Resources.file("tiff/" + name);
    }

    private static long crc(NumericArray values) {
        ByteBuffer numbers =
                ByteBuffer.allocate(Math.toIntExact(8 * values.size())).order(ByteOrder.LITTLE_ENDIAN);
        for (double number : values.toDoubles()) {
            numbers.putDouble(number);
        }
        CRC32 crc = new CRC32();
        crc.update(numbers.flip());
        return crc.getValue();
    }

    @ParameterizedTest
    @MethodSource("names")
    void numbersAndSizesAreThoseOfTheOtherProgram(String name) throws IOException {
        JsonNode expected = EXPECTED.path(name);
        double[] shape = Resources.numbers(expected.path("shape"));
        double[] spacing = Resources.numbers(expected.path("spacing"));
        Scan scan = Images.inspect(file(name)).orThrow();
        assertThat(scan.channels()).isEqualTo((int) shape[0]);
        Geometry grid = scan.geometry();
        assertThat(new double[] {grid.z(), grid.y(), grid.x()}).containsExactly(Arrays.copyOfRange(shape, 1, 4));
        for (int axis = 0; axis < 3; axis++) {
            // resolutions are fractions of whole numbers
            assertThat(grid.spacing()[axis]).isCloseTo(spacing[axis], withPercentage(1e-6));
        }
        assertThat(crc(scan.values())).isEqualTo(expected.path("crc").asLong());
        assertThat(Images.info(file(name))).isEqualTo(new ImageInfo(grid, scan.channels()));
    }

    @Test
    void labelsOfAPaletteAreItsIndices() throws IOException {
        Scan labels = Images.inspectLabels(file("palette.tif")).orThrow();
        assertThat(labels.channels()).isEqualTo(1);
        assertThat(crc(labels.values()))
                .isEqualTo(EXPECTED.path("palette.tif").path("indices").asLong());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "differing.tif      | its pages differ: 32 x 32 pixels | as a file of their own",
                "zstd.tif           | compressed by Zstandard (50000)  | tiffcp -c lzw",
                "jpeg.tif           | compressed by JPEG (7)           | tiffcp -c lzw",
                "cmyk.tif           | CMYK                             | gray or RGB",
                "stack-unsaid.tif   | its pages are 3 x 2              | metadata={'axes': 'CZYX'}",
                "imagej-both.tif    | it has 2 times of 3 slices       | file of its own"
            })
    void whatIsNotReadIsRefusedByName(String name, String found, String fix) {
        ReadResult result = Images.inspect(file(name));
        assertThat(result.scan()).isEmpty();
        assertThat(result.findings())
                .singleElement()
                .extracting(Finding::toString)
                .asString()
                .contains(found, fix);
    }

    @Test
    void slicesThatAreSaidToBeTimesAreSaid() {
        assertThat(Images.inspect(file("imagej-times.tif")).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.isError()).isFalse();
                    assertThat(finding.found()).contains("times");
                });
        assertThat(Images.inspect(file("imagej.tif")).findings()).isEmpty();
    }

    static Stream<String> written() {
        return Stream.of("a.tif", "a.TIFF", "a.ome.tif");
    }

    @ParameterizedTest
    @MethodSource("written")
    void labelsAndProbabilitiesAreReadBack(String name) throws IOException {
        Path file = folder.resolve(name);
        Geometry grid = Geometry.scaled(5, 4, 3, 0.5, 0.25, 2);
        byte[] values = new byte[60];
        for (int i = 0; i < 60; i++) {
            values[i] = (byte) (i * 5);
        }
        Images.write(file, new Labels(grid, values));
        assertThat(Images.inspectLabels(file).findings()).isEmpty();
        assertThat(Images.readLabels(file)).usingRecursiveComparison().isEqualTo(new Labels(grid, values));
        float[] numbers = new float[120];
        for (int i = 0; i < 120; i++) {
            numbers[i] = i / 7f;
        }
        Images.write(file, new Volume(grid, 2, numbers));
        Volume read = Images.read(file);
        assertThat(read.values()).isEqualTo(numbers);
        assertThat(read.geometry()).isEqualTo(grid);
        assertThat(read.channels()).isEqualTo(2);
    }

    @Test
    void aSegmentationLiesWhereItsImageDoes() throws IOException {
        for (String name : List.of("imagej.tif", "ome.ome.tif", "centimetres.tif", "stack.tif")) {
            Geometry grid = Images.info(file(name)).geometry();
            Path labels = folder.resolve(name);
            Images.writeLike(file(name), labels, new Labels(grid, new byte[(int) grid.voxels()]));
            Geometry read = Images.info(labels).geometry();
            assertThat(read.sameGrid(grid)).as(name).isTrue();
            for (int axis = 0; axis < 3; axis++) {
                assertThat(read.spacing()[axis]).isCloseTo(grid.spacing()[axis], withPercentage(1e-6));
            }
        }
    }

    @Test
    void aPlaceInSpaceIsNotLost() {
        double[] affine = Geometry.identity(2, 2, 1).affine();
        affine[3] = 40;
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Images.write(folder.resolve("a.tif"), new Labels(new Geometry(2, 2, 1, affine), new byte[4])))
                .withMessageContaining("doesn't say where voxels lie")
                .withMessageContaining("write .nii.gz");
    }

    /// A file whose tags of 12 bytes follow one another.
    private static byte[] changed(String name, int tag, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(file(name));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int directory = buffer.getInt(4);
        for (int i = 0; i < buffer.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (buffer.getShort(entry) == tag) {
                buffer.putShort(entry + 2, (short) 4).putInt(entry + 8, value);
            }
        }
        return bytes;
    }

    private static List<Finding> findings(byte[] bytes) {
        try {
            Images.read(ImageSource.of("a.tif", bytes));
            return List.of();
        } catch (IOException e) {
            return List.of(Finding.error(e.getMessage(), ""));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the width, rows, rows of a piece, offset and bytes of the piece
                "u1.tif               | 256 | 2000000000 | 2000000000 x 4 pixels",
                "u1.tif               | 257 | 30000      | 5 x 30000 pixels",
                "u1.tif               | 278 | 1          | of 4 pieces",
                "u1.tif               | 273 | 2000000000 | lies outside",
                "u1.tif               | 279 | 2000000000 | lies outside",
                "u1.tif               | 279 | 19         | a piece of 19 bytes holds no 20",
                "tiled-packed-rgb.tif | 323 | 10000000   | bytes holds no 480000000"
            })
    void aHeaderThatClaimsMoreThanTheFileHoldsIsRefusedUnread(String name, int tag, int value, String message)
            throws IOException {
        assertThat(findings(changed(name, tag, value)))
                .singleElement()
                .extracting(Finding::found)
                .asString()
                .startsWith("a.tif: ")
                .contains(message);
    }

    @Test
    void directoriesThatGoRoundAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file("u1.tif"));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int directory = buffer.getInt(4);
        buffer.putInt(directory + 2 + 12 * buffer.getShort(directory), directory);
        assertThat(findings(bytes))
                .singleElement()
                .extracting(Finding::found)
                .asString()
                .contains("round in a circle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE OME [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><OME><Image><Pixels SizeZ='&x;'/></Image></OME>",
                "<?xml version='1.0'?><!DOCTYPE OME [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]><OME><Image><Pixels SizeZ='&b;'/></Image></OME>",
                "<OME><Image><Pixels SizeZ='100000' SizeC='100000'/></Image></OME>",
                "<OME><Image><Pixels SizeZ='many'/></Image></OME>",
                "<OME><Image",
                "<OME></OME>",
                "ImageJ=1.54f\nimages=9999999\nchannels=9999999\nslices=9999999\n"
            })
    void aDescriptionThatIsDamagedOrHostileIsRefused(String description) throws IOException {
        byte[] tiff = Files.readAllBytes(file("ome.ome.tif"));
        String text = new String(tiff, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("<?xml");
        byte[] other = description.getBytes(StandardCharsets.ISO_8859_1);
        int end = start;
        while (tiff[end] != 0) {
            end++;
        }
        Arrays.fill(tiff, start, end, (byte) ' ');
        System.arraycopy(other, 0, tiff, start, other.length);
        assertThat(findings(tiff))
                .singleElement()
                .extracting(Finding::found)
                .asString()
                .containsAnyOf("OME-XML", "ImageJ's description");
    }

    @Test
    void noDamagedFileThrowsAnythingButIOException() throws IOException {
        CounterRandom random = CounterRandom.of(6, "mutations");
        List<String> names = names().toList();
        int broken = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = Files.readAllBytes(file(names.get(random.nextInt(names.size()))));
            for (int change = random.nextInt(4); change >= 0; change--) {
                // tags lie in the first bytes
                int reach = random.nextInt(2) == 0 ? Math.min(bytes.length, 400) : bytes.length;
                bytes[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            broken += findings(random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes)
                            .isEmpty()
                    ? 0
                    : 1;
        }
        assertThat(broken).isBetween(600, 2999);
    }

    @Test
    void typesAreKept() throws IOException {
        Path file = folder.resolve("a.tif");
        for (String name : List.of("i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")) {
            NumericArray values = Images.inspect(file(name + ".tif")).orThrow().values();
            Images.write(file, Geometry.identity(5, 4, 1), values);
            NumericArray read = Images.inspect(file).orThrow().values();
            assertThat(read.type()).isEqualTo(values.type());
            assertThat(read.littleEndian()).isEqualTo(values.littleEndian());
        }
    }
}
