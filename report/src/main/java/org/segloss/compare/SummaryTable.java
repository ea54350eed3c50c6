package org.segloss.compare;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.segloss.file.Csv;
import org.segloss.stat.PublishedResults;
import org.segloss.stat.PublishedResults.Method;

/// A table of means and standard deviations, as papers have it, and what it can claim.
///
/// @param methods      in the table's order
/// @param correlations of each method's scores with those of the claimed first, where the table has one
/// @param first        the place of the method that is claimed to be the first
/// @param higherIsBetter whether a higher mean is the better one
public record SummaryTable(
        List<Method> methods, List<Optional<Double>> correlations, int first, boolean higherIsBetter) {
    /// Correlations that scores of two segmentation methods on the same cases may have.
    public static final List<Double> RANGE = List.of(0.0, 0.25, 0.5, 0.75, 0.9);

    /// So sure a claim has to be.
    public static final double SURE = 0.95;

    private static final double MOST = 0.99;
    private static final List<String> REQUIRED = List.of("method", "mean", "sd", "n");

    public SummaryTable {
        methods = List.copyOf(methods);
        correlations = List.copyOf(correlations);
    }

    /// Reads a CSV file with the columns `method`, `mean`, `sd`, `n` and perhaps `correlation`. Without a baseline the
    /// method with the best mean is the claimed first.
    ///
    /// @param rules say which metric it is, which way of it is better, and which method is claimed to be the first
    /// @throws IOException that names the file, the line and what is wrong with it
    public static SummaryTable read(Path file, ComparisonRules rules) throws IOException {
        boolean higher = MetricScale.of(rules.metric(), rules).higherIsBetter();
        var methods = new ArrayList<Method>();
        var correlations = new ArrayList<Optional<Double>>();
        var lines = new ArrayList<Long>();
        try {
            for (NamedCsvRecord line : Csv.read(file)) {
                checkHeader(line.getHeader());
                methods.add(method(line, methods));
                correlations.add(correlation(line));
                lines.add(line.getStartingLineNumber());
            }
            if (methods.size() < 2) {
                throw new IllegalArgumentException(
                        "it has %s; a line for each of two methods or more is needed below the first line, %s"
                                .formatted(methods.isEmpty() ? "no method" : "one method", String.join(",", REQUIRED)));
            }
            int first = first(methods, rules, higher);
            for (int i = 0; i < methods.size(); i++) {
                if (i != first
                        && correlations.get(i).isPresent()
                        && methods.get(i).cases() != methods.get(first).cases()) {
                    throw new IllegalArgumentException(
                            "line %d: %s was tested on %d cases and %s on %d, so that there is no correlation of their scores; leave it empty"
                                    .formatted(
                                            lines.get(i),
                                            methods.get(i).name(),
                                            methods.get(i).cases(),
                                            methods.get(first).name(),
                                            methods.get(first).cases()));
                }
            }
            return new SummaryTable(methods, correlations, first, higher);
        } catch (RuntimeException e) {
            throw new IOException("%s is not a table of methods: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void checkHeader(List<String> header) {
        for (String name : REQUIRED) {
            if (!header.contains(name)) {
                throw new IllegalArgumentException(
                        "it has no column '%s'; needed are %s, and it has %s. An SD is a standard error times the square root of n"
                                .formatted(name, String.join(", ", REQUIRED), String.join(", ", header)));
            }
        }
    }

    private static int first(List<Method> methods, ComparisonRules rules, boolean higher) {
        if (rules.baseline().isEmpty()) {
            return PublishedResults.best(methods, higher);
        }
        List<String> names = methods.stream().map(Method::name).toList();
        int place = names.indexOf(rules.baseline().get());
        if (place < 0) {
            throw new IllegalArgumentException("the baseline %s is none of the methods: %s"
                    .formatted(rules.baseline().get(), String.join(", ", names)));
        }
        return place;
    }

    private static Method method(NamedCsvRecord line, List<Method> before) {
        String name = text(line, "method");
        if (name.isEmpty()) {
            throw wrong(line, "method", "it is empty");
        }
        if (before.stream().anyMatch(other -> other.name().equals(name))) {
            throw wrong(line, "method", "%s stands there twice".formatted(name));
        }
        double mean = number(line, "mean");
        double sd = number(line, "sd");
        double n = number(line, "n");
        if (!(sd > 0)) {
            throw wrong(line, "sd", "it has to be above 0, but is %s".formatted(text(line, "sd")));
        }
        if (n < 2 || n != Math.rint(n) || n > Integer.MAX_VALUE) {
            throw wrong(
                    line, "n", "%s is no number of test cases: a whole number from 2 on".formatted(text(line, "n")));
        }
        return new Method(name, mean, sd, (int) n);
    }

    private static Optional<Double> correlation(NamedCsvRecord line) {
        if (line.findField("correlation")
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .isEmpty()) {
            return Optional.empty();
        }
        double number = number(line, "correlation");
        // of a method with itself it is 1, and stands for nothing
        if (!(number > -1 && number <= 1)) {
            throw wrong(line, "correlation", "it lies between -1 and 1, but is " + text(line, "correlation"));
        }
        return number == 1 ? Optional.empty() : Optional.of(number);
    }

    private static double number(NamedCsvRecord line, String column) {
        String text = text(line, column);
        try {
            double number = Double.parseDouble(text);
            // the squares of others are infinite, or 0
            if (number == 0 || Math.abs(number) < 1e100 && Math.abs(number) > 1e-100) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw wrong(
                line,
                column,
                text.isEmpty()
                        ? "it is empty"
                        : text.matches("[-+]?\\d*,\\d+")
                                ? "'%s' has a decimal comma; write %s".formatted(text, text.replace(',', '.'))
                                : "'%s' is no number".formatted(text));
    }

    private static String text(NamedCsvRecord line, String column) {
        return Csv.text(line.getField(column).strip());
    }

    private static IllegalArgumentException wrong(NamedCsvRecord line, String column, String what) {
        return new IllegalArgumentException("line %d, %s: %s".formatted(line.getStartingLineNumber(), column, what));
    }

    public Method claimed() {
        return methods.get(first);
    }

    /// {@return the places of the others}
    public List<Integer> others() {
        return IntStream.range(0, methods.size())
                .filter(i -> i != first)
                .boxed()
                .toList();
    }

    /// {@return whether all were tested on as many cases}: if not, not on the same, and scores don't correlate
    public boolean isPaired() {
        return methods.stream().mapToInt(Method::cases).distinct().count() == 1;
    }

    /// {@return the correlations to ask about}
    public List<Double> range() {
        return isPaired() ? RANGE : List.of(0.0);
    }

    /// {@return whether the table has the correlation of each other method}
    public boolean hasCorrelations() {
        return others().stream().allMatch(i -> correlations.get(i).isPresent());
    }

    /// {@return the probability that the claimed first is truly better than another one}
    public double better(int other, double correlation) {
        return PublishedResults.better(claimed(), methods.get(other), correlation, higherIsBetter);
    }

    /// {@return the probability that it is truly better than all others}, each of which has this correlation with it
    public double isFirst(double correlation) {
        return isFirst(Collections.nCopies(methods.size() - 1, correlation));
    }

    /// {@return the same by the table's correlations}; nothing if it lacks one
    public OptionalDouble isFirst() {
        return hasCorrelations()
                ? OptionalDouble.of(isFirst(others().stream()
                        .map(i -> correlations.get(i).orElseThrow())
                        .toList()))
                : OptionalDouble.empty();
    }

    private double isFirst(List<Double> with) {
        return PublishedResults.first(
                claimed(), others().stream().map(methods::get).toList(), with, higherIsBetter);
    }

    /// {@return the least correlation, in hundredths, from which on it is [#SURE] that the claimed first is the
    /// first}; nothing if no correlation up to 0.99 is enough
    public OptionalDouble enough() {
        if (!isPaired() || isFirst(MOST) < SURE) {
            return OptionalDouble.empty();
        }
        int low = -1;
        int high = (int) Math.round(100 * MOST);
        while (high - low > 1) {
            int middle = Math.floorDiv(low + high, 2);
            if (isFirst(middle / 100.0) < SURE) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return OptionalDouble.of(high / 100.0);
    }
}
