package org.segloss.dicom.part10;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The elements of a file, or of an item in a sequence. Values are read when they are asked for, from the
/// bytes of the file, and so are the items of sequences: whatever a file holds, nothing is read deeper than
/// somebody asks.
public final class DataSet {
    /// A data set of a real file has a few hundred.
    private static final int MOST_ELEMENTS = 1 << 16;

    private static final int MOST_ITEMS = 1 << 22;

    /// Where an element lies.
    ///
    /// @param vr     the kind of its value; empty where the file doesn't say
    /// @param offset of its value in the file's bytes
    /// @param length of its value; of one that ends with a delimiter up to that
    /// @param open   whether it ends with a delimiter
    record Element(int tag, String vr, long offset, long length, boolean open) {}

    private final MemorySegment bytes;
    private final TransferSyntax syntax;
    private final Charset charset;
    private final int depth;
    private final Map<Integer, Element> elements = new HashMap<>();

    private DataSet(MemorySegment bytes, TransferSyntax syntax, Charset charset, int depth) {
        this.bytes = bytes;
        this.syntax = syntax;
        this.charset = charset;
        this.depth = depth;
    }

    /// Finds the elements from `start` to `end`; stops behind the pixels.
    static DataSet of(MemorySegment bytes, TransferSyntax syntax, long start, long end) throws IOException {
        DataSet set = new DataSet(bytes, syntax, StandardCharsets.ISO_8859_1, 0).find(start, end);
        Charset own = Charsets.of(set.texts(Tag.SPECIFIC_CHARACTER_SET));
        DataSet read = new DataSet(bytes, syntax, own, 0);
        read.elements.putAll(set.elements);
        return read;
    }

    private DataSet find(long start, long end) throws IOException {
        Elements reader = new Elements(bytes, syntax, start, end, depth);
        while (reader.hasNext()) {
            Element element = reader.next();
            if (element.tag() == Tag.ITEM_DELIMITATION) {
                break;
            }
            elements.put(element.tag(), element);
            if (elements.size() > MOST_ELEMENTS) {
                throw new IOException("a data set of it has more than %d elements".formatted(MOST_ELEMENTS));
            }
            if (element.tag() == Tag.PIXEL_DATA && depth == 0) {
                break;
            }
        }
        return this;
    }

    public boolean has(int tag) {
        return elements.containsKey(tag);
    }

    /// {@return whether there is a value, and not an empty one}
    public boolean hasValue(int tag) {
        Element element = elements.get(tag);
        return element != null && element.length() > 0;
    }

    Optional<Element> element(int tag) {
        return Optional.ofNullable(elements.get(tag));
    }

    TransferSyntax syntax() {
        return syntax;
    }

    public Charset charset() {
        return charset;
    }

    /// {@return the bytes of a value as they stand}; none where there is no such element
    public byte[] bytes(int tag) throws IOException {
        Element element = elements.get(tag);
        if (element == null) {
            return new byte[0];
        }
        if (element.length() > Integer.MAX_VALUE - 8) {
            throw new IOException("%s has more than 2 GiB".formatted(Tag.text(tag)));
        }
        return segment(element).toArray(JAVA_BYTE);
    }

    private MemorySegment segment(Element element) {
        return bytes.asSlice(element.offset(), element.length());
    }

    /// {@return a text without the spaces around it}; empty where there is none
    public String text(int tag) throws IOException {
        return new String(bytes(tag), charset).replace("\0", "").strip();
    }

    /// {@return the parts of a text}
    public List<String> texts(int tag) throws IOException {
        String text = text(tag);
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("\\\\", -1)).map(String::strip).toList();
    }

    /// {@return the numbers of an element}; none where it isn't there
    ///
    /// @param kind that it has by DICOM's dictionary, where the file doesn't say: `DS`, `IS`, `US`, `UL` or
    ///             `FD`
    public double[] numbers(int tag, String kind) throws IOException {
        Element element = elements.get(tag);
        if (element == null) {
            return new double[0];
        }
        String vr = element.vr().isEmpty() || element.vr().equals("UN") ? kind : element.vr();
        return switch (vr) {
            case "US", "SS" -> binary(element, 2, vr.equals("SS"));
            case "UL", "SL", "AT" -> binary(element, 4, vr.equals("SL"));
            case "FL" -> reals(element, 4);
            case "FD" -> reals(element, 8);
            default -> texted(tag);
        };
    }

    private double[] texted(int tag) throws IOException {
        List<String> texts = texts(tag);
        double[] numbers = new double[texts.size()];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Double.parseDouble(texts.get(i));
            } catch (NumberFormatException e) {
                throw new IOException("%s should hold numbers, but doesn't".formatted(Tag.text(tag)), e);
            }
        }
        return numbers;
    }

    private double[] binary(Element element, int width, boolean signed) {
        MemorySegment value = segment(element);
        double[] numbers = new double[Math.toIntExact(Math.min(element.length() / width, MOST_ITEMS))];
        for (int i = 0; i < numbers.length; i++) {
            long at = (long) i * width;
            if (width == 2) {
                short number = value.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(syntax.order()), at);
                numbers[i] = signed ? number : number & 0xFFFF;
            } else {
                int number = value.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(syntax.order()), at);
                numbers[i] = signed ? number : number & 0xFFFF_FFFFL;
            }
        }
        return numbers;
    }

    private double[] reals(Element element, int width) {
        MemorySegment value = segment(element);
        ByteOrder order = syntax.order();
        double[] numbers = new double[Math.toIntExact(Math.min(element.length() / width, MOST_ITEMS))];
        for (int i = 0; i < numbers.length; i++) {
            long at = (long) i * width;
            numbers[i] = width == 4
                    ? value.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), at)
                    : value.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), at);
        }
        return numbers;
    }

    /// {@return so many numbers}; nothing where there are fewer, or one of them isn't finite
    public Optional<double[]> numbers(int tag, String kind, int count) throws IOException {
        double[] numbers = numbers(tag, kind);
        return numbers.length >= count && Arrays.stream(numbers).allMatch(Double::isFinite)
                ? Optional.of(Arrays.copyOf(numbers, count))
                : Optional.empty();
    }

    /// {@return a whole number of an element}; nothing where it isn't there, or is none
    public OptionalInt integer(int tag, String kind) throws IOException {
        Optional<double[]> number = numbers(tag, kind, 1);
        return number.isPresent()
                        && number.get()[0] == Math.rint(number.get()[0])
                        && Math.abs(number.get()[0]) <= Integer.MAX_VALUE
                ? OptionalInt.of((int) number.get()[0])
                : OptionalInt.empty();
    }

    /// {@return the items of a sequence}; none where it isn't there
    public List<DataSet> items(int tag) throws IOException {
        Element element = elements.get(tag);
        if (element == null) {
            return List.of();
        }
        // sequences of unknown kind are implicit, whatever their file is
        TransferSyntax inside = element.vr().equals("UN") ? TransferSyntax.IMPLICIT : syntax;
        var items = new ArrayList<DataSet>();
        Elements reader = new Elements(bytes, inside, element.offset(), element.offset() + element.length(), depth + 1);
        while (reader.hasNext()) {
            Element item = reader.nextItem();
            if (item.tag() == Tag.SEQUENCE_DELIMITATION) {
                break;
            }
            items.add(
                    new DataSet(bytes, inside, charset, depth + 1).find(item.offset(), item.offset() + item.length()));
            if (items.size() > MOST_ITEMS) {
                throw new IOException("%s has more than %d items".formatted(Tag.text(tag), MOST_ITEMS));
            }
        }
        return items;
    }

    /// {@return the first item of a sequence}
    public Optional<DataSet> item(int tag) throws IOException {
        return items(tag).stream().findFirst();
    }
}
