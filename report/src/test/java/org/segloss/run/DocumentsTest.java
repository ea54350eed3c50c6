package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    private record Numbers(double one, Double other, List<Double> more) {}

    private static final Numbers NUMBERS = new Numbers(
            0.1 + 0.2, -1.2345678905e-17, List.of(123456789012.0, 0.09375959804538847, Double.NaN, 1e300, 0.0));

    @TempDir
    Path folder;

    private String written(Path file) throws IOException {
        return Files.readString(file).replaceAll("\\s", "");
    }

    @Test
    void computedNumbersHaveTenDigitsSoThatTheLastOnesDoNotShow() throws IOException {
        Path file = folder.resolve("a.json");
        Documents.writeRoundedJson(file, NUMBERS);
        assertThat(written(file))
                .isEqualTo(
                        "{\"one\":0.3,\"other\":-1.234567891E-17,\"more\":[1.23456789E11,0.09375959805,null,1.0E300,0.0]}");
        // what two processors made of one number
        Documents.writeRoundedJson(file, 0.0023025274213091126);
        String one = written(file);
        Documents.writeRoundedJson(file, 0.0023025274213095024);
        assertThat(written(file)).isEqualTo(one).isEqualTo("0.002302527421");
    }

    @Test
    void otherNumbersComeBackToTheLastBit() throws IOException {
        Path file = folder.resolve("b.json");
        Documents.writeJson(file, NUMBERS);
        assertThat(Documents.readJson(file, Numbers.class, "")).isEqualTo(NUMBERS);
    }
}
