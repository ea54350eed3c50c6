package org.segloss.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segloss.file.AtomicFile;
import org.segloss.file.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Records as JSON and YAML files.
public final class Documents {
    /// Processors and versions of Java differ in the last two or three of sixteen digits of a function such as the
    /// logarithm; what is computed from many of them may differ in a few more.
    private static final int DIGITS = 10;

    private static final ObjectMapper JSON = json(Doubles.exact());
    private static final ObjectMapper ROUNDED = json(Doubles.rounded(DIGITS));
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            // a version such as 1.10 is to stay a text
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private Documents() {}

    private static ObjectMapper json(JacksonModule doubles) {
        return JsonMapper.builder()
                .addModule(doubles)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .build();
    }

    public static void writeJson(Path file, Object value) throws IOException {
        write(JSON, file, value);
    }

    /// Writes numbers with ten significant digits: of what is computed rather than measured, so that a file is the
    /// same whatever processor computed it.
    public static void writeRoundedJson(Path file, Object value) throws IOException {
        write(ROUNDED, file, value);
    }

    private static void write(ObjectMapper mapper, Path file, Object value) throws IOException {
        AtomicFile.write(file, out -> {
            out.write(mapper.writeValueAsBytes(value));
            out.write('\n');
        });
    }

    public static void writeYaml(Path file, Object value) throws IOException {
        AtomicFile.write(file, YAML.writeValueAsBytes(value));
    }

    public static <T> T readJson(Path file, Class<T> type) throws IOException {
        return read(JSON, file, type);
    }

    public static <T> T readYaml(Path file, Class<T> type) throws IOException {
        return read(YAML, file, type);
    }

    private static <T> T read(ObjectMapper mapper, Path file, Class<T> type) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return mapper.readValue(bytes, type);
        } catch (JacksonException e) {
            throw new IOException(unreadable(file, Json.problem(e)), e);
        }
    }

    /// {@return a part of a file as a value}
    static <T> T value(Path file, String path, JsonNode node, Class<T> type) throws IOException {
        try {
            return JSON.treeToValue(node, type);
        } catch (JacksonException e) {
            throw new IOException(unreadable(file, "%s: %s".formatted(path, Json.problem(e))), e);
        }
    }

    /// {@return the sentence that a file is not what it should be}
    public static String unreadable(Path file, String problem) {
        return "%s is not as this version of segloss writes it: %s".formatted(file, problem);
    }

    /// {@return in which values two records or maps differ}
    public static List<Json.Difference> differences(Object was, Object is) {
        return Json.differences(JSON.valueToTree(was), JSON.valueToTree(is));
    }
}
