package org.segloss.plan;

import java.util.List;
import org.segloss.file.Json;
import org.segloss.loss.Loss;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/// The one JSON form of a plan, and of records that hold one.
///
/// A checkpoint's header, `experiment.yaml`, the hash by which a training is known and the report all have it. Each
/// component of a record is a property, spelled as options are (`learning-rate`); a loss is its text, a
/// constant of an enum its name in lower case. So a setting that is added to a record is in all of them.
///
/// ```json
/// {"loss": "bce", "task": {"kind": "binary", ...}, "network": {"architecture": "unet", "dimensions": 3, ...}, ...}
/// ```
///
/// Reading is strict: a property too many or too few is an error that names it. What is read is equal to what was
/// written.
public final class PlanJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(values())
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            // an enum's constants by their names, whatever they are for people
            .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            // the order in which a record says it, and so the same text for equal plans
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            // 1.7 steps are a mistake, not one step, and an enum's constants have names
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .withCoercionConfigDefaults(wrong -> wrong.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Boolean, wrong -> wrong.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .build();

    private PlanJson() {}

    /// {@return a record as one line of JSON}; equal records have the same
    public static String text(Record value) {
        return MAPPER.writeValueAsString(value);
    }

    /// {@return a record as a tree}, for a file that has it in another notation
    public static ObjectNode tree(Record value) {
        return MAPPER.valueToTree(value);
    }

    /// Reads what [#text] says.
    ///
    /// @throws IllegalArgumentException if it isn't such a record; says where and why
    public static <T extends Record> T read(String text, Class<T> type) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(Json.problem(e), e);
        }
        return read(tree, type);
    }

    /// Reads what [#tree] says.
    ///
    /// @throws IllegalArgumentException if it isn't such a record; says where and why
    public static <T extends Record> T read(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(Json.problem(e, tree), e);
        }
    }

    /// {@return the settings in which two records differ, in the records' order}
    public static List<Json.Difference> differences(Record was, Record is) {
        return Json.differences(tree(was), tree(is));
    }

    private static JacksonModule values() {
        return new SimpleModule()
                .addDeserializer(String.class, new ValueDeserializer<>() {
                    @Override
                    public String deserialize(JsonParser json, DeserializationContext context) {
                        // in a list Jackson's own reader loses its place over a list
                        return json.currentToken().isScalarValue()
                                ? json.getValueAsString()
                                : (String) context.handleUnexpectedToken(context.constructType(String.class), json);
                    }
                })
                .addSerializer(Loss.class, new ValueSerializer<>() {
                    @Override
                    public void serialize(Loss loss, JsonGenerator json, SerializationContext context) {
                        json.writeString(loss.text());
                    }
                })
                .addDeserializer(Loss.class, new ValueDeserializer<>() {
                    @Override
                    public Loss deserialize(JsonParser json, DeserializationContext context) {
                        if (json.currentToken().isStructStart()) {
                            return (Loss) context.handleUnexpectedToken(context.constructType(String.class), json);
                        }
                        try {
                            return Loss.parse(json.getString());
                        } catch (IllegalArgumentException e) {
                            return (Loss) context.handleInstantiationProblem(Loss.class, json.getString(), e);
                        }
                    }
                });
    }
}
