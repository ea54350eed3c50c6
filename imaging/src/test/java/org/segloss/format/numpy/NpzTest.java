package org.segloss.format.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.format.ArrayFile;
import org.segloss.format.Resources;
import org.segloss.image.NumericArray;
import tools.jackson.databind.JsonNode;

class NpzTest {
    @TempDir
    Path folder;

    private static final JsonNode EXPECTED = Resources.json("npz.json");

    @ParameterizedTest
    @CsvSource({"nnunet.npz, data, seg", "lone.npz, softmax, softmax", "stored.npz, arr_0, arr_0"})
    void imagesAndLabelsAreThoseOfNumpy(String name, String image, String labels) throws IOException {
        same(ArrayFile.read(Resources.file(name)), EXPECTED.get(name).get(image));
        same(ArrayFile.readLabels(Resources.file(name)), EXPECTED.get(name).get(labels));
    }

    private static void same(ArrayFile read, JsonNode expected) {
        assertThat(read.grid()).isEmpty();
        assertThat(read.array().shape().stream().mapToDouble(axis -> axis).toArray())
                .isEqualTo(Resources.numbers(expected.get("shape")));
        assertThat(read.array().toDoubles()).isEqualTo(Resources.numbers(expected.get("values")));
    }

    @Test
    void ofSeveralArraysNoneIsGuessed() throws IOException {
        Path file = Resources.file("several.npz");
        assertThatIOException()
                .isThrownBy(() -> ArrayFile.read(file))
                .withMessage(file + ": it has 2 arrays (a, b) and none that is called data. Write the array alone into"
                        + " a file");
        Path none = zip("notes.txt", out -> out.write(new byte[9]));
        assertThatIOException()
                .isThrownBy(() -> ArrayFile.read(none))
                .withMessageContaining("it has 0 arrays and none");
    }

    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    private Path zip(String name, Content content) throws IOException {
        Path file = folder.resolve("a.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(name));
            content.write(zip);
        }
        return file;
    }

    /// A header that promises 2 GB, with 16 MiB of zeros in 16 KiB behind it.
    @Test
    void aBombIsNoArray() throws IOException {
        Path file = zip("a.npy", out -> {
            String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2000, 1000, 1000), }\n";
            out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
            out.write(header.getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[16 << 20]);
        });
        assertThatIOException()
                .isThrownBy(() -> ArrayFile.read(file))
                .withMessageContaining("needs 2000000000 bytes, but 16777216 are there");
    }

    /// What an archive says of the size of a part is not what comes.
    @Test
    void aPartThatIsShorterThanTheArchiveSaysIsAnError() throws IOException {
        Path file = zip("a.npy", out -> {
            String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (9000,), }\n";
            out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
            out.write(header.getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[5]);
        });
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int entry = new String(bytes.array(), StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        bytes.putInt(entry + 24, 20_000);
        Files.write(file, bytes.array());
        assertThatIOException()
                .isThrownBy(() -> ArrayFile.read(file))
                .withMessageContaining("needs 9000 bytes, but 5 are there");
    }

    @Test
    void everyTruncationIsAnError() throws IOException {
        byte[] good = Files.readAllBytes(Resources.file("nnunet.npz"));
        for (int length = 0; length < good.length; length++) {
            Path file = Files.write(folder.resolve("a.npz"), Arrays.copyOf(good, length));
            assertThatIOException()
                    .as("%d bytes", length)
                    .isThrownBy(() -> ArrayFile.read(file))
                    .withMessageStartingWith(file + ": ");
        }
    }

    @Test
    void theSameNumbersMakeTheSameBytes() throws IOException {
        NumericArray array = NumericArray.of(new float[] {1, 2, 3, 4}, List.of(1, 2, 2));
        Path file = folder.resolve("a.npz");
        ArrayFile.write(file, array, () -> {
            throw new IllegalStateException();
        });
        byte[] once = Files.readAllBytes(file);
        // the time of 1980-01-01 in an archive's local header
        assertThat(Arrays.copyOfRange(once, 10, 14)).containsExactly(0, 0, 0x21, 0);
        assertThat(ArrayFile.read(file).array().toDoubles()).containsExactly(1, 2, 3, 4);
    }
}
