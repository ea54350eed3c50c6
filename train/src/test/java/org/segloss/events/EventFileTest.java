package org.segloss.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve(EventFile.NAME);
    }

    @Test
    void checksumsAreCastagnolisAndMasked() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        // the check value of CRC-32C, RFC 3720 and the catalogue of parametrised CRC algorithms
        assertThat(Events.crc32c(digits)).isEqualTo(0xE3069283);
        // RFC 3720, B.4: 32 bytes of zeros, of ones
        assertThat(Events.crc32c(new byte[32])).isEqualTo(0x8A9136AA);
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xFF);
        assertThat(Events.crc32c(ones)).isEqualTo(0x62A8AB43);
        // (0xE3069283 >>> 15 | 0xE3069283 << 17) + 0xA282EAD8
        assertThat(Records.checksum(digits, 0, 9)).isEqualTo(0xC78AB0E5);
    }

    @Test
    void aNumberIsThisToTheByte() {
        // by hand: step 300 is AC 02, the tag "a", 0.5 is 0000003F
        byte[] value = new Message().text(1, "a").number32(2, 0.5f).toBytes();
        assertThat(HexFormat.of().formatHex(value)).isEqualTo("0a0161150000003f");
        assertThat(HexFormat.of().formatHex(new Message().integer(2, 300).toBytes()))
                .isEqualTo("10ac02");
    }

    @Test
    void anIndependentReaderFindsWhatWasWritten() throws IOException {
        double before = System.currentTimeMillis() / 1000.0;
        try (EventFile events = EventFile.open(folder, 0)) {
            events.number(1, "loss", 0.25);
            events.number(200, "loss", Double.NaN);
            events.picture(200, "example", new byte[] {1, 2, 3}, 30, 200);
        }
        assertThat(Events.withoutTimes(file()))
                .containsExactly(
                        "2=0 3='brain.Event:2'",
                        "2=1 5={1={1='loss' 2=0.25}}",
                        "2=200 5={1={1='loss' 2=NaN}}",
                        "2=200 5={1={1='example' 4={1=200 2=30 3=3 4=#3:%08x}}}"
                                .formatted(Arrays.hashCode(new byte[] {1, 2, 3})));
        assertThat(Events.read(file())).allMatch(event -> event.time() >= before && event.time() < before + 60);
    }

    @Test
    void whatComesAfterTheStepIsCutOff() throws IOException {
        try (EventFile events = EventFile.open(folder, 0)) {
            for (int step = 1; step <= 400; step++) {
                events.number(step, "loss", step);
            }
        }
        try (EventFile events = EventFile.open(folder, 300)) {
            events.number(301, "loss", -1);
        }
        assertThat(Events.withoutTimes(file())).hasSize(302).endsWith("2=301 5={1={1='loss' 2=-1.0}}");
        // damage at the end: the good part stays
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file(), bytes);
        EventFile.open(folder, 301).close();
        assertThat(Events.withoutTimes(file())).hasSize(301);
        // and without a good beginning it begins anew
        bytes[0] ^= 1;
        Files.write(file(), bytes);
        EventFile.open(folder, 301).close();
        assertThat(Events.withoutTimes(file())).containsExactly("2=0 3='brain.Event:2'");
    }
}
