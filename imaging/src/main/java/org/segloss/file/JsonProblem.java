package org.segloss.file;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// What is wrong with JSON or YAML, in words for whoever wrote it: Jackson's own are about its classes and switches.
final class JsonProblem {
    private static final Pattern QUOTED = Pattern.compile("(?:character|marker|token|escape) \\(?'(.+?)'(?: |:|\\))");

    private static final Pattern ABSENT = Pattern.compile("^(?:Missing|Null value for) creator property '([^']+)'");

    private static final Pattern TWICE = Pattern.compile("^Duplicate Object property \"(.*?)\"");

    private JsonProblem() {}

    /// @param node what stands where the problem is, as far as that is known
    static String of(JacksonException e, JsonNode node) {
        return switch (e) {
            case InputCoercionException number -> expected(number.getTargetType(), node);
            case StreamReadException syntax -> syntax(syntax);
            case UnrecognizedPropertyException name ->
                "there is no '%s' here".formatted(Printable.quote(name.getPropertyName()));
            case ValueInstantiationException wrong
            when wrong.getCause() instanceof IllegalArgumentException own && own.getMessage() != null ->
                own.getMessage().lines().findFirst().orElse("unreadable");
            case ValueInstantiationException _ -> "a value is missing";
            case MismatchedInputException absent
            when String.valueOf(absent.getOriginalMessage())
                    .matches("(?s)(Missing|Null value for) creator.*|.*`null`.*") -> "a value is missing";
            case MismatchedInputException other -> expected(other.getTargetType(), node);
            default -> "it can't be read";
        };
    }

    /// {@return whether an object lacks a part, and its reader doesn't say which}
    static boolean isIncomplete(JacksonException e) {
        return e instanceof ValueInstantiationException && e.getCause() instanceof NullPointerException;
    }

    /// {@return the part that an object lacks, where its reader says which}
    static Optional<String> absent(JacksonException e) {
        Matcher found = ABSENT.matcher(String.valueOf(e.getOriginalMessage()));
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private static String syntax(StreamReadException e) {
        String message = String.valueOf(e.getOriginalMessage());
        Matcher twice = TWICE.matcher(message);
        if (twice.find()) {
            return "'%s' is there twice".formatted(Printable.quote(twice.group(1)));
        }
        Optional<YamlProblem> yaml = YamlProblem.of(message);
        if (yaml.isPresent()) {
            return yaml.get().words();
        }
        if (e instanceof UnexpectedEndOfInputException) {
            return "it ends before its last bracket or quote is closed";
        }
        Matcher found = QUOTED.matcher(message);
        return found.find()
                ? "'%s' was not expected".formatted(Printable.quote(found.group(1)))
                : "a bracket, a quote or a comma is missing or too much";
    }

    private static String expected(Class<?> type, JsonNode node) {
        String found = node.isMissingNode()
                ? ""
                : ", but %s stands there"
                        .formatted(
                                node.isString()
                                        ? "'%s'".formatted(Printable.quote(node.asString()))
                                        : Printable.quote(node.toString()));
        return what(type) + found;
    }

    private static String what(Class<?> type) {
        if (type == null || type == Optional.class) {
            return "another value was expected";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", " was expected"));
        }
        if (type == double.class || type == Double.class || type == float.class) {
            return "a number was expected";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false was expected";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type) || type == OptionalInt.class) {
            return "a whole number that is not too large was expected";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list was expected";
        }
        return CharSequence.class.isAssignableFrom(type) ? "a text was expected" : "names with values were expected";
    }
}
