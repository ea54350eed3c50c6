package org.segloss.plan;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.dataset.ClassLabels;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.prep.IntensityScale;
import org.segloss.prep.Preprocessing;

/// A plan, and for each of its settings one that differs in it.
///
/// The settings are found by reflection, down to components that are no records: one that is added is among
/// them, and
/// if it is of a type that nobody has thought of yet, nothing is tested until it is said here how such a
/// value changes.
public final class Variants {
    /// Every component of it may be changed and the plan is still one, if need be with one other.
    public static final TrainingPlan PLAN = new TrainingPlan(
            Loss.parse("ce + 0.5*dice(smooth=0.1)"),
            Task.multiclass(2).ignoring(7),
            new Preprocessing(
                    new Spacing(3, 0.1, 1 / 3.0), new TreeMap<>(Map.of(0, new IntensityScale(-1, 2, 0.5, 0.1)))),
            new NetworkPlan(
                    Architecture.RESUNET,
                    3,
                    2,
                    2,
                    4,
                    List.of(List.of(1, 2, 2), List.of(1, 2, 2)),
                    List.of(List.of(1, 3, 3), List.of(1, 3, 3), List.of(1, 3, 3)),
                    2),
            List.of(1, 16, 24),
            2,
            12,
            new Recipe(Recipe.Optimizer.ADAMW, 0.003, new Augmentation.Plan(true, EnumSet.of(Axis.Y)), 0.995, true),
            1,
            "cpu",
            1,
            Precision.FLOAT32);

    /// Those of the plan, and what a plan for another task may have.
    private static final List<ClassLabels> LABELS = List.of(
            PLAN.labels(),
            ClassLabels.of(List.of("background", "a", "b"), List.of(7)),
            ClassLabels.of(List.of("background", "label 1"), List.of(7, 9)));

    private Variants() {}

    /// A plan that differs in a setting.
    ///
    /// @param settings which ones: the first is what this is about, a second one follows from it
    public record Variant(List<String> settings, TrainingPlan plan) {
        @Override
        public String toString() {
            return settings.getFirst();
        }
    }

    /// {@return a variant for each setting of [#PLAN]}
    public static List<Variant> all() {
        List<String> leaves = new ArrayList<>();
        leaves("", PLAN, leaves);
        return leaves.stream().map(leaf -> variant(leaf, leaves)).toList();
    }

    private static Variant variant(String leaf, List<String> leaves) {
        for (Object value : others(at(PLAN, leaf))) {
            Optional<TrainingPlan> alone = with(Map.of(leaf, value));
            if (alone.isPresent()) {
                return new Variant(settings(alone.get(), leaf), alone.get());
            }
        }
        for (Object value : others(at(PLAN, leaf))) {
            for (String second : leaves) {
                for (Object too : second.equals(leaf) ? List.of() : others(at(PLAN, second))) {
                    Optional<TrainingPlan> both = with(Map.of(leaf, value, second, too));
                    if (both.isPresent()) {
                        return new Variant(settings(both.get(), leaf, second), both.get());
                    }
                }
            }
        }
        throw new AssertionError("no plan differs in " + leaf);
    }

    private static List<String> settings(TrainingPlan plan, String... said) {
        List<String> settings = new ArrayList<>(List.of(said));
        if (!plan.labels().equals(PLAN.labels())) {
            settings.add("labels");
        }
        return settings;
    }

    private static void leaves(String prefix, Record record, List<String> into) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = get(record, component);
            if (value instanceof Record inner && !isLeaf(value)) {
                leaves(prefix + component.getName() + ".", inner, into);
            } else {
                into.add(prefix + component.getName());
            }
        }
    }

    /// A loss is one setting, and so are the classes' labels: of these no part changes alone.
    private static boolean isLeaf(Object value) {
        return value instanceof Loss || value instanceof ClassLabels;
    }

    private static Object at(Record record, String path) {
        int dot = path.indexOf('.');
        String name = dot < 0 ? path : path.substring(0, dot);
        Object value = Stream.of(record.getClass().getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .map(component -> get(record, component))
                .findFirst()
                .orElseThrow();
        return dot < 0 ? value : at((Record) value, path.substring(dot + 1));
    }

    private static Object get(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<TrainingPlan> with(Map<String, Object> values) {
        for (ClassLabels labels : LABELS) {
            // they follow from the task
            Map<String, Object> all = new LinkedHashMap<>(Map.of("labels", labels));
            all.putAll(values);
            try {
                return Optional.of((TrainingPlan) with("", PLAN, all));
            } catch (IllegalArgumentException _) {
                // perhaps with others
            }
        }
        return Optional.empty();
    }

    private static Record with(String prefix, Record record, Map<String, Object> values) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String path = prefix + components[i].getName();
            Object value = get(record, components[i]);
            arguments[i] = values.containsKey(path)
                    ? values.get(path)
                    : value instanceof Record inner && !isLeaf(value) ? with(path + ".", inner, values) : value;
        }
        try {
            Constructor<?> canonical = record.getClass()
                    .getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            return (Record) canonical.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /// {@return other values of a type, some of which a plan may have}
    private static List<Object> others(Object value) {
        return switch (value) {
            case Loss _ -> List.of(Loss.parse("ce"), Loss.parse("bce"));
            case ClassLabels _ -> List.of(ClassLabels.of(List.of("background", "organ"), List.of(7)));
            case Boolean flag -> List.of(!flag);
            case Integer number -> List.of(number + 1, number - 1, 2 * number);
            case Long number -> List.of(number + 1);
            // the next one that there is: a form that rounds is found out
            case Double number -> List.of(Math.nextUp(number), Math.nextDown(number));
            case String _ -> List.of("cuda:1");
            case Enum<?> constant ->
                Stream.of(constant.getDeclaringClass().getEnumConstants())
                        .filter(other -> other != constant)
                        .map(Object.class::cast)
                        .toList();
            case List<?> list
            when list.getFirst() instanceof Integer ->
                // one of the numbers at a time
                positions(list.size())
                        .map(i -> (Object) changed(list, i, others(list.get(i)).getLast()))
                        .toList();
            case List<?> list -> {
                List<Object> others = new ArrayList<>();
                for (int i = 0; i < list.size(); i++) {
                    for (List<Integer> triple : triples()) {
                        if (!triple.equals(list.get(i))) {
                            others.add(changed(list, i, triple));
                        }
                    }
                }
                yield others;
            }
            case SortedSet<?> _ -> List.of(new TreeSet<>(List.of(7, 9)));
            case Set<?> axes -> List.of(axes.isEmpty() ? EnumSet.of(Axis.X) : EnumSet.noneOf(Axis.class));
            case Map<?, ?> scales -> {
                Map<Integer, Object> more = new LinkedHashMap<>();
                scales.forEach((channel, scale) -> more.put((Integer) channel, scale));
                more.put(1, new IntensityScale(-1, 2, 0.5, Math.nextUp(0.1)));
                yield List.of(new TreeMap<>(more));
            }
            default -> throw new AssertionError("say how a " + value.getClass() + " changes");
        };
    }

    private static Stream<Integer> positions(int size) {
        return Stream.iterate(0, i -> i + 1).limit(size);
    }

    private static List<Object> changed(Collection<?> list, int at, Object value) {
        List<Object> changed = new ArrayList<>(list);
        changed.set(at, value);
        return changed;
    }

    private static List<List<Integer>> triples() {
        List<List<Integer>> triples = new ArrayList<>();
        for (int z = 1; z <= 3; z++) {
            for (int y = 1; y <= 3; y++) {
                for (int x = 1; x <= 3; x++) {
                    triples.add(List.of(z, y, x));
                }
            }
        }
        return triples;
    }
}
