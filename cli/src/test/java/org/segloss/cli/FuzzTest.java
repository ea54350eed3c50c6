package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.Readers.Reader;

/// What is wrong in a file is said in words, whatever the file holds: each reader is given files that are damaged at
/// random, the same ones in every run.
class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("segloss.fuzzRounds", 150);

    private static final Pattern TOKEN = Pattern.compile("[\\w.+-]+|\"[^\"\n]*\"|[^\\w\\s]");

    private static final List<String> TOKENS = List.of(
            "null",
            "\"\"",
            "0",
            "-1",
            "1e999",
            "NaN",
            "[]",
            "{}",
            "\"\\u0000\"",
            "true",
            "99999999999999999999",
            "1.5",
            "\"a\"",
            "[1]",
            "{\"a\": 1}",
            "\u202e",
            "\"",
            ",",
            "\n",
            ":",
            "(",
            ")",
            "=",
            "'",
            "\u0000",
            "[[[[[[[[");

    private static final int[] NUMBERS = {0, 1, 0x7F, 0x80, 0xFF};

    @TempDir
    static Path folder;

    private static Readers readers;

    @BeforeAll
    static void write() throws IOException {
        readers = new Readers(folder);
    }

    @Test
    void whatIsValidIsRead() throws IOException {
        for (Reader reader : readers.all()) {
            Files.write(reader.file(), reader.valid());
            reader.call().read(reader.file());
        }
    }

    @Test
    void damagedFilesAreReadOrRefusedInWords() {
        Map<String, String> found = new LinkedHashMap<>();
        for (Reader reader : readers.all()) {
            Random random = new Random(reader.name().hashCode());
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = reader.isText() ? damagedText(reader.valid(), random) : damaged(reader.valid(), random);
                try {
                    reader.read(bytes);
                } catch (AssertionError e) {
                    // of each kind one
                    String kind = e.getMessage().replaceAll("\\d+", "#");
                    found.putIfAbsent(
                            kind.substring(0, Math.min(120, kind.length())),
                            "%s, round %d: %s".formatted(reader.name(), round, e.getMessage()));
                }
            }
        }
        assertThat(found.values()).isEmpty();
    }

    /// What was found once; each is (reader, text that is replaced, by what), or the whole file where nothing is
    /// replaced.
    @Test
    void whatWasFoundOnceStaysMended() {
        for (List<String> found : List.of(
                List.of("manifest", "\"id\" : \"cube_1\",", ""),
                List.of("manifest", "\"cases\" : \\[", "\"cases\" : [null,"),
                List.of("manifest", "\"image\" : \"[^\"]*\"", "\"image\" : {}"),
                List.of("experiment.yaml", "(?m)^data:.*", "data: \"a\\\\0b\""),
                List.of("experiment.yaml", "steps: \\d+", "steps: few"),
                List.of("experiment.yaml", "(?m)^seeds:", "seeds: [1"),
                List.of("experiment.yaml", "(?m)^data:.*", "data: {}"),
                List.of("cases.csv", "", "case,case\n1,a\n"),
                List.of("cases.csv", "", "case,group\n\"1\"x,a\n"),
                List.of("scores.csv", "", "loss,case,metric,value" + ",x".repeat(20_000)),
                List.of("dataset.json", "", "{\"labels\": {\"a\": 0"),
                List.of("split.json", "cube_1", "\\\\u0000"))) {
            Reader reader = readers.named(found.get(0));
            String valid = new String(reader.valid(), StandardCharsets.UTF_8);
            String text = found.get(1).isEmpty() ? found.get(2) : valid.replaceFirst(found.get(1), found.get(2));
            assertThat(text).isNotEqualTo(valid);
            reader.read(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] damagedText(byte[] valid, Random random) {
        String text = new String(valid, StandardCharsets.UTF_8);
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
            if (tokens.isEmpty()) {
                break;
            }
            MatchResult one = tokens.get(random.nextInt(tokens.size()));
            MatchResult other = tokens.get(random.nextInt(tokens.size()));
            String by =
                    switch (random.nextInt(4)) {
                        case 0 -> "";
                        case 1 -> other.group();
                        default -> TOKENS.get(random.nextInt(TOKENS.size()));
                    };
            text = text.substring(0, one.start()) + by + text.substring(one.end());
        }
        if (random.nextInt(10) == 0) {
            return damaged(text.getBytes(StandardCharsets.UTF_8), random);
        }
        if (random.nextInt(5) == 0) {
            // a line less, which in these files is a name with its value
            var lines = new ArrayList<>(text.lines().toList());
            if (lines.size() > 1) {
                lines.remove(random.nextInt(lines.size()));
            }
            text = String.join("\n", lines);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] damaged(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            // headers stand first
            int most = random.nextBoolean() ? Math.min(400, bytes.length) : bytes.length;
            if (most == 0) {
                break;
            }
            int at = random.nextInt(most);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) NUMBERS[random.nextInt(NUMBERS.length)];
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) random.nextInt());
                case 3 -> bytes = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? at : bytes.length);
                default -> {
                    int from = random.nextInt(bytes.length);
                    System.arraycopy(
                            valid,
                            Math.min(from, valid.length - 1),
                            bytes,
                            at,
                            Math.min(8, Math.min(bytes.length - at, valid.length - Math.min(from, valid.length - 1))));
                }
            }
        }
        return bytes;
    }
}
