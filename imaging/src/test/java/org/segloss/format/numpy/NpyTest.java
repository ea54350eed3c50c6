package org.segloss.format.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.format.ArrayFile;
import org.segloss.format.Images;
import org.segloss.format.Resources;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

class NpyTest {
    // NumPy 2.4.6: the arrays that make-npy-png.py saved
    private static final JsonNode NUMPY = Resources.json("arrays.json");

    @TempDir
    Path folder;

    static Stream<String> names() {
        return NUMPY.propertyNames().stream().filter(name -> name.endsWith(".npy"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void numbersAreThoseThatNumPySaved(String name) throws IOException {
        NumericArray array = ArrayFile.read(Resources.file(name)).array();
        double[] shape = Resources.numbers(NUMPY.path(name).path("shape"));
        assertThat(array.shape())
                .isEqualTo(Arrays.stream(shape).mapToObj(axis -> (int) axis).toList());
        assertThat(array.toDoubles())
                .containsExactly(Resources.numbers(NUMPY.path(name).path("values")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsWrittenIsByteForByteWhatNumPyWrites(String name) throws IOException {
        // NumPy keeps big endian, Fortran order, half precision and the version that was asked for; we write one form
        if (!name.matches(".*(big|fortran|f2|version).*")) {
            Path file = folder.resolve(name);
            Npy.write(file, Npy.read(Resources.file(name)));
            assertThat(file).hasSameBinaryContentAs(Resources.file(name));
        } else {
            Path file = folder.resolve(name);
            NumericArray array = Npy.read(Resources.file(name));
            Npy.write(file, array);
            assertThat(Npy.read(file).toDoubles()).isEqualTo(array.toDoubles());
            assertThat(Npy.read(file).shape()).isEqualTo(array.shape());
        }
    }

    @Test
    void arraysLieInJavaArraysOfTheirType() throws IOException {
        assertThat(Npy.read(Resources.file("f4-big.npy")).data().heapBase().orElseThrow())
                .isInstanceOf(float[].class);
        assertThat(Npy.read(Resources.file("f8.npy")).data().heapBase().orElseThrow())
                .isInstanceOf(double[].class);
        assertThat(Npy.read(Resources.file("u1.npy")).data().heapBase().orElseThrow())
                .isInstanceOf(byte[].class);
        assertThat(Npy.read(Resources.file("i8.npy")).data().heapBase().orElseThrow())
                .isInstanceOf(long[].class);
        assertThat(Npy.read(Resources.file("f2.npy")).type()).isEqualTo(ElementType.FLOAT32);
    }

    private Path file(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[10 + text.length + dataBytes];
        System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0}, 0, all, 0, 10);
        System.arraycopy(text, 0, all, 10, text.length);
        return Files.write(folder.resolve("a.npy"), all);
    }

    @Test
    void wrongFilesAreNamed() throws IOException {
        Path complex = file("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", 16);
        assertThatIOException()
                .isThrownBy(() -> Npy.read(complex))
                .withMessageStartingWith(complex.toString())
                .withMessageContaining("'<c8'");
        Path fields = file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 16);
        assertThatIOException().isThrownBy(() -> Npy.read(fields)).withMessageContaining("one number type");
        Path large = file("{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000, 100000), }", 16);
        assertThatIOException()
                .isThrownBy(() -> Npy.read(large))
                .withMessageContaining("[100000, 100000, 100000]")
                .withMessageContaining("16 are there");
        Path endless = file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", 16);
        assertThatIOException().isThrownBy(() -> Npy.read(endless)).withMessageContaining("99999999999");
        Path hostile = file("{'descr': '<f4', 'fortran_order': \u001b[2J, 'shape': (1,), }", 16);
        assertThatIOException().isThrownBy(() -> Npy.read(hostile)).withMessageContaining("order': \\u001b[2J,");
        Path text = Files.writeString(folder.resolve("b.npy"), "hello, world");
        assertThatIOException().isThrownBy(() -> Npy.read(text)).withMessageContaining("no .npy file");
        assertThatIOException()
                .isThrownBy(() -> Npy.read(folder.resolve("c.npy")))
                .withMessageContaining("no such file");
    }

    @Test
    void noDamagedFileThrowsAnythingButIOException() throws IOException {
        CounterRandom random = CounterRandom.of(5, "mutations");
        List<String> names = names().toList();
        Path file = folder.resolve("a.npy");
        int broken = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = Files.readAllBytes(Resources.file(names.get(random.nextInt(names.size()))));
            for (int change = random.nextInt(3); change >= 0; change--) {
                bytes[random.nextInt(Math.min(bytes.length, 70))] = (byte) random.nextInt(128);
            }
            Files.write(file, random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
            try {
                Npy.read(file);
            } catch (IOException e) {
                broken++;
            } catch (RuntimeException | Error e) {
                fail("round %d: %s".formatted(i, e), e);
            }
        }
        assertThat(broken).isBetween(150, 990);
    }

    @Test
    void labelsOfPngImagesAreIndicesAnd255IsOne() throws IOException {
        double[] indices = Resources.numbers(
                Resources.json("arrays.json").path("palette.png").path("indices"));
        NumericArray palette =
                ArrayFile.readLabels(Resources.file("palette.png")).array();
        assertThat(palette.toDoubles()).containsExactly(indices);
        Path mask = folder.resolve("mask.png");
        Images.write(mask, Images.mask(mask, new Labels(Geometry.identity(3, 2, 1), new byte[] {0, 1, 1, 0, 1, 0})));
        NumericArray read = ArrayFile.readLabels(mask).array();
        assertThat(read.toDoubles()).containsExactly(0, 1, 1, 0, 1, 0);
        assertThat(read.shape()).containsExactly(1, 2, 3);
        // where 255 is ignored it is no mask's
        assertThat(ArrayFile.readLabels(mask, Set.of(255)).array().toDoubles()).containsExactly(0, 255, 255, 0, 255, 0);
        assertThat(ArrayFile.readLabels(mask, Set.of(-1, 300)).array().toDoubles())
                .containsExactly(0, 1, 1, 0, 1, 0);
        // numbers that may be probabilities stay as they are
        Path soft = folder.resolve("soft.npy");
        Npy.write(soft, NumericArray.of(new float[] {0, 0.5f, 255}, List.of(3)));
        assertThat(ArrayFile.readLabels(soft).array().toDoubles()).containsExactly(0, 0.5, 255);
    }

    @Test
    void niftiImagesAreArraysWithXLast() throws IOException {
        NumericArray array = ArrayFile.read(Resources.file("channels.nii")).array();
        assertThat(array.shape()).containsExactly(4, 2, 2, 3);
        assertThat(array.type()).isEqualTo(ElementType.FLOAT32);
        assertThat(ArrayFile.read(Resources.file("scaled-i2.nii")).array().type())
                .isEqualTo(ElementType.FLOAT32);
        assertThat(ArrayFile.read(Resources.file("i8-big.nii")).array().type()).isEqualTo(ElementType.INT64);
    }
}
