package org.segloss.format.nrrd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Resources;
import org.segloss.format.Scan;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real volumes with tumours, which SimpleITK 2.5.7 and pynrrd 1.1.3 read.
@EnabledIf(value = "isThere", disabledReason = "../shared/data/ct is missing")
class SharedNrrdTest {
    private static final Path FOLDER = Path.of("../../shared/data/ct");

    static boolean isThere() {
        return Files.exists(FOLDER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lung1", "lung2", "brain1", "brain2"})
    void theImageAndItsTumourAreThoseOfSimpleItkAndPynrrd(String name) throws IOException {
        JsonNode expected = new JsonMapper()
                .readTree(Files.readString(FOLDER.resolve("expected.json")))
                .get(name);
        ReadResult image = Images.inspect(FOLDER.resolve(name + ".nrrd"));
        assertThat(image.findings()).isEmpty();
        Scan scan = image.orThrow();
        double[] spacing = Resources.numbers(expected.get("spacing"));
        double[] direction = Resources.numbers(expected.get("direction"));
        double[] origin = Resources.numbers(expected.get("origin"));
        for (int row = 0; row < 3; row++) {
            // to the left and the back there, to the right and the front here
            int sign = row < 2 ? -1 : 1;
            double[] affine = Arrays.copyOfRange(scan.geometry().affine(), 4 * row, 4 * row + 4);
            for (int column = 0; column < 3; column++) {
                // a micrometre: the file has six digits
                assertThat(affine[column])
                        .isEqualTo(sign * direction[3 * row + column] * spacing[column], within(1e-6));
            }
            assertThat(affine[3]).isEqualTo(sign * origin[row], within(1e-6));
        }
        assertThat(hash(scan.values().littleEndian()))
                .isEqualTo(expected.get("sha256_int16").asString());
        Scan mask = Images.inspectLabels(FOLDER.resolve(name + "_label.nrrd")).orThrow();
        assertThat(mask.geometry().sameGrid(scan.geometry())).isTrue();
        assertThat(hash(mask.values().toBytes()))
                .isEqualTo(expected.get("mask").get("sha256_uint8").asString());
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
