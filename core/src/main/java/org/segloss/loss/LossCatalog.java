package org.segloss.loss;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The leaves that have a name, each with its formula, parameters and defaults.
public final class LossCatalog {

    /// A named loss.
    ///
    /// @param name       as in the text form
    /// @param formula    one line
    /// @param summary    one sentence
    /// @param parameters in the order in which they are printed
    /// @param standard   the loss with all defaults
    public record Entry(String name, String formula, String summary, List<Parameter> parameters, Loss.Leaf standard) {}

    /// A parameter of a loss.
    ///
    /// @param name    as in the text form
    /// @param text    the default as text
    /// @param meaning what it does
    public record Parameter(String name, String text, String meaning) {}

    private static final List<Entry> ENTRIES = List.of(
            entry(
                    "bce",
                    "-y log p - (1-y) log(1-p)",
                    "Binary cross-entropy, mean over voxels.",
                    new Bce(0),
                    "probabilities are clipped to [clip, 1-clip]; the gradient is 0 outside"),
            entry("ce", "-sum_c y_c log p_c", "Cross-entropy over the softmax; bce in a binary task.", new Ce()),
            entry(
                    "dice",
                    "1 - (2 sum(p y) + smooth) / (sum(p) + sum(y) + smooth)",
                    "Dice, mean over samples and classes.",
                    new Dice(1e-5),
                    "added to numerator and denominator"),
            entry(
                    "squaredDice",
                    "1 - (2 sum(p y) + smooth) / (sum(p^2) + sum(y^2) + smooth)",
                    "Dice with squared denominators, as in the V-Net.",
                    new SquaredDice(1e-5),
                    "added to numerator and denominator"),
            entry(
                    "tversky",
                    "1 - (TP + smooth) / (TP + fp FP + fn FN + smooth)",
                    "Dice with a weight of its own for each kind of error.",
                    new Tversky(0.3, 0.7, 1e-5),
                    "weight of false positives",
                    "weight of false negatives",
                    "added to numerator and denominator"),
            entry(
                    "focal",
                    "-alpha y (1-p)^gamma log p - (1-alpha) (1-y) p^gamma log(1-p)",
                    "Cross-entropy that turns away from voxels that are right already.",
                    new Focal(0.25, 2, 0, VoxelLoss.Reduction.MEAN),
                    "factor of the foreground; background has 1-alpha",
                    "how fast sure voxels lose weight",
                    "probabilities are clipped to [clip, 1-clip]; the gradient is 0 outside",
                    "mean over voxels, or their sum"),
            entry(
                    "gce",
                    "sum_c y_c (1 - p_c^q) / q",
                    "Generalized cross-entropy, which forgives wrong labels.",
                    new Gce(0.7),
                    "from near 0, cross-entropy, to 1, the absolute error"),
            entry(
                    "poly",
                    "sum_c y_c (-log p_c + epsilon (1 - p_c))",
                    "Poly-1: cross-entropy with another weight for the first term of its series.",
                    new Poly(1),
                    "what is added to that weight"),
            entry(
                    "jaccard",
                    "1 - (sum(p y) + smooth) / (sum(p) + sum(y) - sum(p y) + smooth)",
                    "One minus intersection over union, mean over samples and classes.",
                    new Jaccard(1e-5),
                    "added to numerator and denominator"),
            entry(
                    "focalTversky",
                    "tversky^gamma",
                    "A power of the Tversky loss of each sample and class.",
                    new FocalTversky(0.3, 0.7, 0.75, 1e-5),
                    "weight of false positives",
                    "weight of false negatives",
                    "the exponent",
                    "added to numerator and denominator"),
            entry(
                    "fbeta",
                    "1 - ((1+beta^2) TP + smooth) / ((1+beta^2) TP + beta^2 FN + FP + smooth)",
                    "Dice in which recall counts beta times as much as precision.",
                    new FBeta(1.5, 1e-5),
                    "above 1 for recall, below for precision",
                    "added to numerator and denominator"),
            entry(
                    "logDice",
                    "-log(1 - dice)",
                    "The logarithm of Dice: steep where little overlaps.",
                    new LogDice(1e-5),
                    "added to numerator and denominator"),
            entry(
                    "logCoshDice",
                    "log cosh dice",
                    "Dice made flat where it is good.",
                    new LogCoshDice(1e-5),
                    "added to numerator and denominator"),
            entry(
                    "lovasz",
                    "sum_i (J(i) - J(i-1)) e_i, errors e sorted, J(i) the Jaccard loss if the first i are wrong",
                    "The Jaccard index made continuous: Lovász-softmax in a multiclass task, otherwise Lovász hinge.",
                    new Lovasz(Lovasz.Scope.SAMPLE),
                    "what is ranked together: each sample, or the batch"),
            entry(
                    "topk",
                    "1/k sum of the k largest -sum_c y_c log p_c",
                    "Cross-entropy of the worst voxels of a batch.",
                    new TopK(10),
                    "how many of 100 voxels count"));

    private static final Map<String, Entry> BY_NAME =
            ENTRIES.stream().collect(Collectors.toUnmodifiableMap(Entry::name, Function.identity()));

    private static final Map<Class<?>, Entry> BY_TYPE = ENTRIES.stream()
            .collect(Collectors.toUnmodifiableMap(e -> e.standard().getClass(), Function.identity()));

    private LossCatalog() {}

    /// {@return all named losses, simple ones first}
    public static List<Entry> all() {
        return ENTRIES;
    }

    static Optional<Entry> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static Optional<Entry> of(Loss.Leaf leaf) {
        return Optional.ofNullable(BY_TYPE.get(leaf.getClass()));
    }

    /// {@return the values of a leaf's parameters, in order}
    static List<Object> values(Loss.Leaf leaf) {
        return Stream.of(leaf.getClass().getRecordComponents())
                .map(component -> value(component, leaf))
                .toList();
    }

    /// {@return the entry's loss with these values for its parameters}
    ///
    /// @throws IllegalArgumentException from the loss, if it refuses a value
    static Loss.Leaf create(Entry entry, List<Object> values) {
        Class<?>[] types = Stream.of(entry.standard().getClass().getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return (Loss.Leaf) entry.standard().getClass().getConstructor(types).newInstance(values.toArray());
        } catch (java.lang.reflect.InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(RecordComponent component, Loss.Leaf leaf) {
        try {
            return component.getAccessor().invoke(leaf);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Entry entry(String name, String formula, String summary, Loss.Leaf standard, String... meanings) {
        RecordComponent[] components = standard.getClass().getRecordComponents();
        List<Object> defaults = values(standard);
        List<Parameter> parameters = IntStream.range(0, components.length)
                .mapToObj(i -> new Parameter(components[i].getName(), text(defaults.get(i)), meanings[i]))
                .toList();
        return new Entry(name, formula, summary, parameters, standard);
    }

    static String text(Object value) {
        return switch (value) {
            case Double number -> LossText.number(number);
            case Enum<?> choice -> choice.name().toLowerCase(Locale.ROOT);
            default -> value.toString();
        };
    }
}
