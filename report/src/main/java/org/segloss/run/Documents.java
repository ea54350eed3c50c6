package org.segloss.run;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segloss.file.AtomicFile;
import org.segloss.file.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;
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
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            // a version such as 1.10 is to stay a text
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private Documents() {}

    private static ObjectMapper json(JacksonModule doubles) {
        return JsonMapper.builder()
                .addModule(doubles)
                // of two values one would be dropped
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(SerializationFeature.INDENT_OUTPUT)
                // an enum's constants by their names, whatever they are for people
                .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfigDefaults(
                        wrong -> wrong.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Boolean,
                        wrong -> wrong.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
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
            mapper.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET).writeValue(out, value);
            out.write('\n');
        });
    }

    public static void writeYaml(Path file, ObjectNode tree) throws IOException {
        AtomicFile.write(file, YAML.writeValueAsBytes(tree));
    }

    /// {@return the record that a file holds}
    ///
    /// @param remedy what to do where it doesn't, the end of a sentence
    /// @throws IOException that names the file and the place in it, if it is no such record or lacks a part of it
    public static <T extends Record> T readJson(Path file, Class<T> type, String remedy) throws IOException {
        ObjectNode tree = readTree(file, remedy);
        try {
            return JSON.treeToValue(tree, type);
        } catch (JacksonException e) {
            throw new IOException(unreadable(file, Json.problem(e, tree), remedy), e);
        }
    }

    /// {@return the tree that a file holds}
    ///
    /// @throws IOException as [#readJson], if it holds no names with values
    static ObjectNode readTree(Path file, String remedy) throws IOException {
        return read(JSON, file, remedy);
    }

    /// {@return the settings that a file holds}
    ///
    /// @param remedy what to do where it doesn't, the end of a sentence
    /// @throws IOException that names the file, if it is no YAML or holds something else
    static ObjectNode readYaml(Path file, String remedy) throws IOException {
        return read(YAML, file, remedy);
    }

    private static ObjectNode read(ObjectMapper mapper, Path file, String remedy) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(unreadable(file, "it is a folder", remedy));
        }
        try {
            if (mapper.readTree(Files.readString(file)) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (CharacterCodingException e) {
            throw new IOException(unreadable(file, "it is no text in UTF-8", remedy), e);
        } catch (JacksonException e) {
            throw new IOException(unreadable(file, Json.problem(e), remedy), e);
        }
        throw new IOException(unreadable(file, "it holds no names with values", remedy));
    }

    /// {@return a part of a tree as a value}
    ///
    /// @throws IllegalArgumentException if it is no such value
    static <T> T value(JsonNode node, Class<T> type) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(Json.problem(e, node), e);
        }
    }

    /// {@return the sentence that a file is not what it should be, and what to do}
    public static String unreadable(Path file, String problem, String remedy) {
        return "%s is not as this version of segloss writes it: %s; %s".formatted(file, problem, remedy);
    }

    /// {@return in which values two records or maps differ}
    public static List<Json.Difference> differences(Object was, Object is) {
        return Json.differences(JSON.valueToTree(was), JSON.valueToTree(is));
    }
}
