package org.segloss.format.nifti;

import java.util.Arrays;
import java.util.Optional;
import org.segloss.image.ElementType;

/// NIfTI's data types that this program reads, by their code in the header.
enum NiftiType {
    UINT8(2, ElementType.UINT8),
    INT16(4, ElementType.INT16),
    INT32(8, ElementType.INT32),
    FLOAT32(16, ElementType.FLOAT32),
    FLOAT64(64, ElementType.FLOAT64),
    INT8(256, ElementType.INT8),
    UINT16(512, ElementType.UINT16),
    UINT32(768, ElementType.UINT32),
    INT64(1024, ElementType.INT64),
    UINT64(1280, ElementType.UINT64),
    RGB24(128, ElementType.UINT8, 3),
    RGBA32(2304, ElementType.UINT8, 4);

    final int code;
    final ElementType element;
    /// How many numbers of a voxel stand side by side.
    final int components;

    NiftiType(int code, ElementType element) {
        this(code, element, 1);
    }

    NiftiType(int code, ElementType element, int components) {
        this.code = code;
        this.element = element;
        this.components = components;
    }

    int bytes() {
        return components * element.bytes();
    }

    static Optional<NiftiType> ofCode(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    static NiftiType of(ElementType element) {
        return Arrays.stream(values())
                .filter(type -> type.element == element)
                .findFirst()
                .orElseThrow();
    }

    /// {@return the name of a code that the standard has and this program does not read}
    static String nameOf(int code) {
        return switch (code) {
            case 1 -> "bits";
            case 32 -> "complex64";
            case 1536 -> "float128";
            case 1792 -> "complex128";
            case 2048 -> "complex256";
            default -> "unknown";
        };
    }

    /// {@return what to do with a file of such a code}
    static String fixOf(int code) {
        String name = nameOf(code);
        String others = "integers of 8 to 64 bits, float32, float64, RGB24 and RGBA32";
        if (name.startsWith("complex")) {
            return "Complex numbers are no intensities: save their magnitude, or real and imaginary parts as two"
                    + " channels, as float32.";
        }
        return name.equals("float128")
                ? "Convert it to float64, which holds what was measured: read are " + others + "."
                : "Supported are %s: convert the file.".formatted(others);
    }
}
