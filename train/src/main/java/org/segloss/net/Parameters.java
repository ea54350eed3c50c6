package org.segloss.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;
import org.segloss.torch.Weights;

/// All of a network's learnt numbers, one after the other in one flat tensor, and their gradient in another.
///
/// Flat, because an optimizer then is a few operations on whole tensors, whatever the network.
public final class Parameters implements AutoCloseable {
    private final String device;
    private final List<Parameter> entries;
    private final Tensor values;
    private final Tensor gradient;

    Parameters(List<Parameter> entries, String device) {
        this.device = device;
        this.entries = entries;
        try (Scope _ = new Scope()) {
            float[] initial =
                    new float[entries.stream().mapToInt(Parameter::elements).sum()];
            int offset = 0;
            for (Parameter entry : entries) {
                System.arraycopy(entry.initial(), 0, initial, offset, entry.elements());
                offset += entry.elements();
            }
            values = Tensor.of(initial, initial.length).to(device).keep();
            gradient = Tensor.zeros(device, initial.length).keep();
            offset = 0;
            for (Parameter entry : entries) {
                entry.bind(Weights.of(values, gradient, offset, entry.shape()).keep());
                offset += entry.elements();
            }
        }
    }

    /// {@return the numbers, flat; changing them changes the network}
    public Tensor values() {
        return values;
    }

    /// {@return their gradient, flat; [org.segloss.torch.Features#back] adds to it}
    public Tensor gradient() {
        return gradient;
    }

    /// {@return the shape of each named array, in the order in which they lie in the flat tensors}
    public SequencedMap<String, long[]> shapes() {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        entries.forEach(entry -> shapes.put(entry.name(), entry.shape().clone()));
        return shapes;
    }

    /// {@return each named array of a flat tensor of this layout: of the values, or of an optimizer's moments}
    public SequencedMap<String, float[]> split(Tensor flat) {
        SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
        views(flat).forEach((name, view) -> {
            float[] array = new float[view.remaining()];
            view.get(array);
            arrays.put(name, array);
        });
        return arrays;
    }

    /// {@return what [#split] gives, in the tensor's own memory if it lies in the host's}; valid as long as the scope
    public SequencedMap<String, FloatBuffer> views(Tensor flat) {
        FloatBuffer all = flat.toHost()
                .memory()
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        SequencedMap<String, FloatBuffer> views = new LinkedHashMap<>();
        int offset = 0;
        for (Parameter entry : entries) {
            views.put(entry.name(), all.slice(offset, entry.elements()));
            offset += entry.elements();
        }
        return views;
    }

    /// Replaces the values.
    ///
    /// @throws IllegalArgumentException if an array is missing or has another length
    public void load(Map<String, float[]> arrays) {
        load(arrays, values);
    }

    /// Replaces the numbers of a flat tensor of this layout with what [#split] made of another, bit by bit.
    ///
    /// @throws IllegalArgumentException if an array is missing or has another length
    public void load(Map<String, float[]> arrays, Tensor flat) {
        List<float[]> parts = new ArrayList<>();
        for (Parameter entry : entries) {
            float[] array = arrays.get(entry.name());
            if (array == null) {
                throw new IllegalArgumentException("there is no array '%s'".formatted(entry.name()));
            }
            if (array.length != entry.elements()) {
                throw new IllegalArgumentException("array '%s' has %d numbers, the network needs %d"
                        .formatted(entry.name(), array.length, entry.elements()));
            }
            parts.add(array);
        }
        try (Scope _ = new Scope()) {
            Tensor loaded = Tensor.zeros("cpu", flat.elements());
            MemorySegment memory = loaded.memory();
            long offset = 0;
            for (float[] part : parts) {
                MemorySegment.copy(part, 0, memory, ValueLayout.JAVA_FLOAT, offset, part.length);
                offset += (long) part.length * Float.BYTES;
            }
            flat.set(loaded);
        }
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.weights().release());
        gradient.release();
        values.release();
    }
}
