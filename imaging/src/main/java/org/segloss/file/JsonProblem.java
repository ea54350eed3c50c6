package org.segloss.file;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// What is wrong with JSON or YAML, in words for whoever wrote it: Jackson's own are about its classes and switches.
final class JsonProblem {
    private static final Pattern QUOTED = Pattern.compile("(?:character|marker|token|escape) \\(?'(.+?)'(?: |:|\\))");

    private JsonProblem() {}

    static String of(JacksonException e) {
        return switch (e) {
            case InputCoercionException number -> expected(number.getTargetType());
            case StreamReadException syntax -> syntax(syntax);
            case UnrecognizedPropertyException name ->
                "there is no '%s' here".formatted(Printable.quote(name.getPropertyName()));
            case ValueInstantiationException wrong
            when wrong.getCause() instanceof IllegalArgumentException own && own.getMessage() != null ->
                own.getMessage().lines().findFirst().orElse("unreadable");
            case ValueInstantiationException _ -> "a value is missing";
            case InvalidFormatException value ->
                "%s, not '%s'".formatted(expected(value.getTargetType()), Printable.quote("" + value.getValue()));
            case MismatchedInputException absent
            when String.valueOf(absent.getOriginalMessage())
                    .matches("(?s)(Missing|Null value for) creator.*|.*`null`.*") -> "a value is missing";
            case MismatchedInputException other -> expected(other.getTargetType());
            default -> "it can't be read";
        };
    }

    private static String syntax(StreamReadException e) {
        if (e instanceof UnexpectedEndOfInputException) {
            return "it ends before its last bracket or quote is closed";
        }
        Matcher found = QUOTED.matcher(String.valueOf(e.getOriginalMessage()));
        return found.find()
                ? "'%s' was not expected".formatted(Printable.quote(found.group(1)))
                : "a bracket, a quote or a comma is missing or too much";
    }

    private static String expected(Class<?> type) {
        String what;
        if (type == null) {
            what = "another value";
        } else if (type.isEnum()) {
            what = Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        } else if (type == double.class || type == Double.class || type == float.class) {
            what = "a number";
        } else if (type == boolean.class || type == Boolean.class) {
            what = "true or false";
        } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            what = "a whole number, not too large,";
        } else if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            what = "a list";
        } else if (CharSequence.class.isAssignableFrom(type)) {
            what = "a text";
        } else if (type == Optional.class) {
            what = "another value";
        } else {
            what = "names with values";
        }
        return (what + " was expected").replace(", was", " was");
    }
}
