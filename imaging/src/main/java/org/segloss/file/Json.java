package org.segloss.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.MissingNode;

/// JSON files, where a mistake is an IOException that names the file.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            // of two values one would be dropped
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper PYTHON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final JsonNode MISSING = MissingNode.getInstance();
    private static final JsonMapper SHOWN = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(String.class, new ValueSerializer<String>() {
                @Override
                public void serialize(String text, JsonGenerator json, SerializationContext context) {
                    json.writeString(Printable.message(text));
                }
            }))
            .build();

    private Json() {}

    /// {@return the object that a file holds}
    ///
    /// @throws IOException that names the file and the place in it, if it is no JSON object
    public static JsonNode readObject(Path file) throws IOException {
        return readObject(MAPPER, file);
    }

    /// As [#readObject], of a file as Python writes it: NaN, Infinity and -Infinity may stand for numbers.
    public static JsonNode readPython(Path file) throws IOException {
        return readObject(PYTHON, file);
    }

    private static JsonNode readObject(JsonMapper mapper, Path file) throws IOException {
        InputFile.check(file, "a JSON file");
        try {
            JsonNode node = mapper.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IOException("%s: this is no JSON object. It has to be one, in braces.".formatted(file));
            }
            return node;
        } catch (JacksonException e) {
            throw new IOException(
                    "%s: %sthis is no correct JSON (%s). Correct it."
                            .formatted(file, place(e), JsonProblem.of(e, MISSING)),
                    e);
        }
    }

    /// {@return a value as JSON on one line}
    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// {@return a value as JSON that may stand in a script of an HTML page, which no text in it can end}; its texts are
    /// to be shown, and have [visible characters][Printable] alone
    public static String inHtml(Object value) {
        return SHOWN.writeValueAsString(value).replace("<", "\\u003c");
    }

    /// {@return a value as indented JSON with a line break at its end}
    public static String pretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    }

    /// {@return the number if it is one}, for JSON has no NaN and no infinity; nothing becomes `null` there
    public static Optional<Double> finite(double value) {
        return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }

    /// {@return the values that a tree holds}, by their names from the whole to the part, such as `network.width`,
    /// in the tree's order; one that is `null` is left out
    public static Map<String, String> values(JsonNode tree) {
        Map<String, String> values = new LinkedHashMap<>();
        collect("", tree, values);
        return values;
    }

    /// {@return what a parser found wrong in a text, and where}: `line 3, column 7: ']' was not expected`
    public static String problem(JacksonException e) {
        return place(e) + JsonProblem.of(e, MISSING);
    }

    private static String place(JacksonException e) {
        Optional<YamlProblem> yaml = YamlProblem.of(String.valueOf(e.getOriginalMessage()));
        TokenStreamLocation at = e.getLocation();
        return yaml.isPresent()
                ? yaml.get().place()
                : "line %d, column %d: ".formatted(at.getLineNr(), at.getColumnNr());
    }

    /// {@return what a mapper found wrong in a tree, and where}: `network.width: a whole number was expected,
    /// but 'wide' stands there`
    public static String problem(JacksonException e, JsonNode tree) {
        var names = new ArrayList<String>();
        JsonNode node = tree;
        for (JacksonException.Reference part : e.getPath()) {
            String name = part.getPropertyName();
            names.add(Printable.line(name == null ? "" + part.getIndex() : name));
            node = name == null ? node.path(part.getIndex()) : node.path(name);
        }
        Optional<String> absent =
                JsonProblem.absent(e).filter(name -> names.isEmpty() || !name.equals(names.getLast()));
        if (absent.isPresent()) {
            names.add(absent.get());
        } else if (JsonProblem.isIncomplete(e)) {
            // its reader met the null, and says no more than that
            node = firstNull(node, names);
        }
        String problem = JsonProblem.of(e, node);
        return names.isEmpty() ? problem : String.join(".", names) + ": " + problem;
    }

    /// Goes down to the first value that is `null`, if one is.
    private static JsonNode firstNull(JsonNode node, List<String> names) {
        for (Map.Entry<String, JsonNode> value : named(node).entrySet()) {
            var below = new ArrayList<>(List.of(Printable.line(value.getKey())));
            JsonNode found = value.getValue().isContainer() ? firstNull(value.getValue(), below) : value.getValue();
            if (found.isNull()) {
                names.addAll(below);
                return found;
            }
        }
        return node;
    }

    private static Map<String, JsonNode> named(JsonNode node) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        if (node.isArray()) {
            node.valueStream().forEach(value -> values.put("" + values.size(), value));
        } else {
            node.properties().forEach(value -> values.put(value.getKey(), value.getValue()));
        }
        return values;
    }

    /// A value that two objects have differently.
    ///
    /// @param name its name, from the whole to the part: `network.width`
    /// @param was  the one's value, `nothing` where it has none
    /// @param is   the other's
    public record Difference(String name, String was, String is) {
        /// {@return for example `recipe.learning-rate was 0.003, is 0.001`}
        @Override
        public String toString() {
            return "%s was %s, is %s".formatted(name, was, is);
        }
    }

    /// {@return in which values two objects differ}, in their order; one that is `null` is none
    public static List<Difference> differences(JsonNode was, JsonNode is) {
        Map<String, String> old = values(was);
        Map<String, String> now = values(is);
        var names = new LinkedHashSet<>(old.keySet());
        names.addAll(now.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String name : names) {
            var difference = new Difference(name, old.getOrDefault(name, "nothing"), now.getOrDefault(name, "nothing"));
            if (!difference.was.equals(difference.is)) {
                differences.add(difference);
            }
        }
        return differences;
    }

    private static void collect(String name, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(e -> collect(name.isEmpty() ? e.getKey() : name + "." + e.getKey(), e.getValue(), into));
        } else if (!node.isNull()) {
            into.put(name, node.isString() ? node.asString() : node.toString());
        }
    }
}
