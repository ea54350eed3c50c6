package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.format.Finding;
import org.segloss.format.Images;

/// Whatever a file holds, it is read or refused in words, and none of them is a patient's.
class DamagedFilesTest {
    private static final int ROUNDS = Integer.getInteger("segloss.fuzzRounds", 40);
    private static final long SEED = Long.getLong("segloss.fuzzSeed", 1);

    /// What tells programmers something, and users nothing; and the patient of the series.
    private static final Pattern FORBIDDEN = Pattern.compile("Exception|\\bjava\\.|\\bnull\\b|(?i:nobody)");

    @TempDir
    private Path folder;

    private final Path series = SeriesTest.resource("series");

    private void look(Path file) {
        var said = new ArrayList<Finding>();
        said.addAll(Images.inspect(file).findings());
        said.addAll(Images.inspectLabels(file).findings());
        said.addAll(Images.inspectLabels(file, series).findings());
        said.addAll(
                Images.inspectLabels(SeriesTest.resource("binary.dcm"), file).findings());
        List<Consumer<Path>> others = List.of(
                path -> {
                    try {
                        Images.labelNames(path);
                    } catch (IOException e) {
                        said.add(Finding.error(String.valueOf(e.getMessage()), ""));
                    }
                },
                path -> {
                    try {
                        Images.checkHolds(
                                path,
                                folder.resolve("out.dcm"),
                                Images.info(path).geometry());
                    } catch (IOException | IllegalArgumentException e) {
                        said.add(Finding.error(String.valueOf(e.getMessage()), ""));
                    }
                });
        others.forEach(other -> other.accept(file));
        for (Finding finding : said) {
            assertThat(finding.toString().replace(file.toString(), "")).doesNotContainPattern(FORBIDDEN);
        }
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : List.of(
                "series/IM2",
                "enhanced.dcm",
                "rle.dcm",
                "jpeg-lossless.dcm",
                "binary.dcm",
                "labelmap.dcm",
                "fractional.dcm")) {
            files.put(name, Files.readAllBytes(SeriesTest.resource(name)));
        }
        files.put("implicit", MadeUpSeries.slice(2).file(MadeUpSeries.CT, "2.25.1", TransferSyntax.IMPLICIT));
        files.put(
                "deflated",
                MadeUpSeries.slice(2).file(MadeUpSeries.CT, "2.25.1", TransferSyntax.of("1.2.840.10008.1.2.1.99")));
        return files;
    }

    @Test
    void damagedFilesAreReadOrRefusedInWords() throws IOException {
        var found = new LinkedHashMap<String, String>();
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
            Random random = new Random(SEED * 31 + file.getKey().hashCode());
            for (int round = 0; round < ROUNDS; round++) {
                Path damaged = Files.write(folder.resolve("damaged.dcm"), damaged(file.getValue(), random));
                try {
                    look(damaged);
                } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
                    found.putIfAbsent(
                            e.toString().replaceAll("\\d+", "#"),
                            "%s, round %d: %s at %s"
                                    .formatted(
                                            file.getKey(),
                                            round,
                                            e,
                                            Arrays.stream(e.getStackTrace())
                                                    .filter(f ->
                                                            f.getClassName().contains("dicom"))
                                                    .findFirst()));
                }
            }
        }
        assertThat(found.values()).isEmpty();
    }

    /// Bytes changed, cut, doubled, or one length made larger.
    private static byte[] damaged(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            // what is before the header says nothing
            int at = 132 + random.nextInt(bytes.length - 140);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> ByteBuffer.wrap(bytes).putInt(at, random.nextBoolean() ? -1 : 0x7FFF_FFFF);
                case 3 ->
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) random.nextInt(300));
                case 4 -> {
                    int length = random.nextInt(Math.min(64, bytes.length - at));
                    System.arraycopy(bytes, at, bytes, 132 + random.nextInt(bytes.length - 132 - length), length);
                }
                default -> bytes = random.nextInt(3) > 0 ? bytes : Arrays.copyOf(bytes, at + 9);
            }
        }
        return bytes;
    }

    @Test
    void aFileThatBreaksOffAnywhereIsRefused() throws IOException {
        for (String name : List.of("binary.dcm", "rle.dcm")) {
            byte[] whole = Files.readAllBytes(SeriesTest.resource(name));
            for (int end = 0; end < whole.length - 2; end += 1 + end / 20) {
                Path file = Files.write(folder.resolve("short.dcm"), Arrays.copyOf(whole, end));
                look(file);
                assertThat(Images.inspect(file).findings())
                        .as("%s up to %d", name, end)
                        .isNotEmpty();
            }
        }
    }

    private void isRefused(byte[] file, String... words) throws IOException {
        Path damaged = Files.write(folder.resolve("damaged.dcm"), file);
        look(damaged);
        assertThat(Images.inspect(damaged).findings())
                .anySatisfy(f -> assertThat(f.found()).contains(words));
    }

    private static byte[] file(DataSetBuilder data) {
        return data.file(MadeUpSeries.CT, "2.25.1", TransferSyntax.EXPLICIT);
    }

    @Test
    void sequencesInSequencesEndSomewhere() throws IOException {
        // in items of unknown length, which have to be walked through
        int levels = 20_000;
        ByteBuffer nested = ByteBuffer.allocate(20 * levels).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < levels; i++) {
            nested.putShort((short) 0x0008)
                    .putShort((short) 0x1115)
                    .put((byte) 'S')
                    .put((byte) 'Q')
                    .putShort((short) 0);
            nested.putInt(-1).putInt(0xE000_FFFE).putInt(-1);
        }
        byte[] head = file(new DataSetBuilder().text(Tag.SOP_CLASS_UID, "UI", MadeUpSeries.CT));
        byte[] all = Arrays.copyOf(head, head.length + nested.capacity());
        System.arraycopy(nested.array(), 0, all, head.length, nested.capacity());
        isRefused(all, "nested more than 32 deep");
    }

    @Test
    void framesThatAreNotThereAreNotBelieved() throws IOException {
        isRefused(
                file(MadeUpSeries.slice(0).text(Tag.NUMBER_OF_FRAMES, "IS", "1000000")),
                "promises 40000000 bytes of pixels, but 40 are there");
        isRefused(
                file(MadeUpSeries.slice(0).shorts(Tag.ROWS, 0xFFFF).shorts(Tag.COLUMNS, 0xFFFF)),
                "bytes of pixels, but 40 are there");
        isRefused(file(MadeUpSeries.slice(0).shorts(Tag.BITS_STORED, 40)), "its numbers have 40 bits of 16");
        isRefused(
                file(MadeUpSeries.slice(0)
                        .items(
                                Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
                                List.of(new DataSetBuilder(), new DataSetBuilder()))),
                "it has 1 frames, but says where 2 lie");
    }

    @Test
    void aPackedFileUnpacksToNoMoreThanThereIsRoomFor() throws IOException {
        byte[] zeros = new byte[64 << 20];
        byte[] bomb = new DataSetBuilder()
                .bytes(Tag.PIXEL_DATA, "OB", zeros)
                .file(MadeUpSeries.CT, "2.25.1", TransferSyntax.of("1.2.840.10008.1.2.1.99"));
        assertThat(bomb).hasSizeLessThan(1 << 17);
        // a hundred of them would be 6 GiB
        byte[] many = Arrays.copyOf(bomb, bomb.length);
        look(Files.write(folder.resolve("bomb.dcm"), many));
    }

    @Test
    void noFileIsReadThatAnIndexNames() throws IOException {
        DataSetBuilder index = new DataSetBuilder()
                .text(Tag.SOP_CLASS_UID, "UI", "1.2.840.10008.1.3.10")
                .items(0x0004_1220, List.of(new DataSetBuilder().text(0x0004_1500, "CS", "..\\..\\..\\ETC\\PASSWD")));
        byte[] bytes = index.file("1.2.840.10008.1.3.10", "2.25.1", TransferSyntax.EXPLICIT);
        Path alone = Files.write(folder.resolve("DICOMDIR"), bytes);
        assertThat(Images.inspect(alone).findings())
                .singleElement()
                .satisfies(
                        f -> assertThat(f.toString()).contains("index of a medium (DICOMDIR)", "folder of a series"));
        Path disc = MadeUpSeries.write(folder.resolve("disc"), MadeUpSeries.slices(3));
        Files.copy(alone, disc.resolve("DICOMDIR"));
        assertThat(Images.inspect(disc).findings()).isEmpty();
        assertThat(Images.files(disc)).hasSize(3);
    }
}
