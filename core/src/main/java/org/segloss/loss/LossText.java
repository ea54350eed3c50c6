package org.segloss.loss;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Prints losses. [LossParser] reads what this prints.
final class LossText {
    private final Function<Loss.Leaf, String> unnamed;

    /// @param unnamed what stands for a leaf that has no name
    private LossText(Function<Loss.Leaf, String> unnamed) {
        this.unnamed = unnamed;
    }

    /// {@return the text of a loss}
    ///
    /// @throws IllegalStateException if a leaf of it has no name
    static String of(Loss loss) {
        return new LossText(LossText::refused).text(loss);
    }

    /// {@return the text of a loss, in which its type stands for a leaf that has no name}
    static String label(Loss loss) {
        return new LossText(leaf -> leaf.getClass().getSimpleName()).text(loss);
    }

    private static String refused(Loss.Leaf leaf) {
        String type = leaf.getClass().getName();
        throw new IllegalStateException(
                "the loss %s has no name, and so no text: put the line %s into META-INF/services/%s on the class path, or the type among what its module provides"
                                .formatted(type, type, Loss.Leaf.class.getName())
                        + LossCatalog.problem().map("; "::concat).orElse(""));
    }

    private String text(Loss loss) {
        return switch (loss) {
            case Loss.Sum(var terms) -> sum(terms);
            case Loss.Constant(var value) -> number(value);
            case Loss.Log1p(var inner) -> "log1p(" + text(inner) + ")";
            case Loss.Pow(var inner, var exponent) -> "pow(" + text(inner) + ", " + number(exponent) + ")";
            case Loss.Ramp(var from, var to, var inner) ->
                "ramp(%s, %s)*%s".formatted(number(from), number(to), factor(inner));
            case Loss.Leaf leaf -> leaf(leaf);
        };
    }

    /// The name and those parameters that differ from their defaults.
    private String leaf(Loss.Leaf leaf) {
        return LossCatalog.of(leaf).map(entry -> leaf(entry, leaf)).orElseGet(() -> unnamed.apply(leaf));
    }

    private static String leaf(LossCatalog.Entry entry, Loss.Leaf leaf) {
        List<Object> values = LossParameters.values(leaf);
        List<Object> defaults = LossParameters.values(entry.standard());
        String arguments = IntStream.range(0, values.size())
                .filter(i -> !values.get(i).equals(defaults.get(i)))
                .mapToObj(i -> argument(entry.parameters().get(i).name(), values.get(i), defaults.get(i)))
                .collect(Collectors.joining(", "));
        return arguments.isEmpty() ? entry.name() : entry.name() + "(" + arguments + ")";
    }

    private static String argument(String name, Object value, Object standard) {
        if (value instanceof Smooth(var num, var den) && standard instanceof Smooth before && num != den) {
            return Stream.of(
                            num == before.num() ? "" : name + "Num=" + number(num),
                            den == before.den() ? "" : name + "Den=" + number(den))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", "));
        }
        return name + "=" + LossCatalog.text(value);
    }

    /// A loss as a factor.
    private String factor(Loss loss) {
        return loss instanceof Loss.Sum || loss instanceof Loss.Constant ? "(" + text(loss) + ")" : text(loss);
    }

    private String sum(List<Loss.Term> terms) {
        StringBuilder text = new StringBuilder();
        for (Loss.Term term : terms) {
            boolean constant = term.loss() instanceof Loss.Constant;
            double factor = term.loss() instanceof Loss.Constant(var value) ? value : term.weight();
            boolean negative = Math.copySign(1, factor) < 0;
            if (text.isEmpty()) {
                text.append(negative ? "-" : "");
            } else {
                text.append(negative ? " - " : " + ");
            }
            double size = Math.abs(factor);
            if (constant) {
                text.append(number(size));
            } else {
                text.append(size == 1 ? "" : number(size) + "*").append(factor(term.loss()));
            }
        }
        return text.toString();
    }

    /// The shortest text that reads back as the same number: `2`, `0.25`, `1e-5`.
    static String number(double value) {
        String text = Double.toString(value);
        int exponent = text.indexOf('E');
        String mantissa = exponent < 0 ? text : text.substring(0, exponent);
        String power = exponent < 0 ? "" : "e" + text.substring(exponent + 1);
        return (mantissa.endsWith(".0") ? mantissa.substring(0, mantissa.length() - 2) : mantissa) + power;
    }
}
