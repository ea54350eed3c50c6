package org.segloss.format.nrrd;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.image.ElementType;

/// NRRD's names of types; each has several.
enum NrrdType {
    INT8(ElementType.INT8, "int8", "int8_t", "signed char"),
    UINT8(ElementType.UINT8, "uint8", "uint8_t", "uchar", "unsigned char"),
    INT16(ElementType.INT16, "int16", "int16_t", "short", "short int", "signed short", "signed short int"),
    UINT16(ElementType.UINT16, "uint16", "uint16_t", "ushort", "unsigned short", "unsigned short int"),
    INT32(ElementType.INT32, "int32", "int32_t", "int", "signed int"),
    UINT32(ElementType.UINT32, "uint32", "uint32_t", "uint", "unsigned int"),
    INT64(
            ElementType.INT64,
            "int64",
            "int64_t",
            "longlong",
            "long long",
            "long long int",
            "signed long long",
            "signed long long int"),
    UINT64(ElementType.UINT64, "uint64", "uint64_t", "ulonglong", "unsigned long long", "unsigned long long int"),
    FLOAT32(ElementType.FLOAT32, "float"),
    FLOAT64(ElementType.FLOAT64, "double");

    private final ElementType element;
    private final List<String> names;

    NrrdType(ElementType element, String... names) {
        this.element = element;
        this.names = List.of(names);
    }

    static Optional<ElementType> of(String name) {
        return Stream.of(values())
                .filter(type -> type.names.contains(name))
                .map(type -> type.element)
                .findFirst();
    }

    /// {@return the name that every reader knows}
    static String nameOf(ElementType element) {
        ElementType stored = element == ElementType.BOOL ? ElementType.UINT8 : element;
        return Stream.of(values())
                .filter(type -> type.element == stored)
                .map(type -> type.names.getFirst())
                .findFirst()
                .orElseThrow();
    }
}
