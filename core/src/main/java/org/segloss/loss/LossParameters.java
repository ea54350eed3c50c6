package org.segloss.loss;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The parameters of a record, as its components say: those of a component that is itself a record of options take its
/// place. [Smooth] is one parameter.
final class LossParameters {
    private LossParameters() {}

    /// {@return the components of a type, those of options among them}
    static List<RecordComponent> components(Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .flatMap(c -> isOptions(c.getType()) ? components(c.getType()).stream() : Stream.of(c))
                .toList();
    }

    private static boolean isOptions(Class<?> type) {
        return type.isRecord() && type != Smooth.class;
    }

    /// {@return how many lists inside one another a parameter is}
    static int depth(Class<?> type, int index) {
        int depth = 0;
        Type inner = components(type).get(index).getGenericType();
        while (inner instanceof ParameterizedType list) {
            inner = list.getActualTypeArguments()[0];
            depth++;
        }
        return depth;
    }

    /// {@return the values of a record's parameters, in the order of [#components]}
    static List<Object> values(Object record) {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = call(() -> component.getAccessor().invoke(record));
            if (isOptions(component.getType())) {
                values.addAll(values(value));
            } else {
                values.add(value);
            }
        }
        return values;
    }

    /// {@return a record of these parameters}
    ///
    /// @throws IllegalArgumentException as the record's constructor does
    static <T> T create(Class<T> type, List<Object> values) {
        return create(type, values.iterator());
    }

    private static <T> T create(Class<T> type, Iterator<Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = isOptions(types[i]) ? create(types[i], values) : values.next();
        }
        return call(() -> type.getConstructor(types).newInstance(arguments));
    }

    /// {@return what a record's component says of itself}
    static Optional<String> meaning(RecordComponent component) {
        return Optional.ofNullable(component.getAnnotation(Meaning.class)).map(Meaning::value);
    }

    private interface Reflective<T> {
        T call() throws ReflectiveOperationException;
    }

    private static <T> T call(Reflective<T> reflective) {
        try {
            return reflective.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
