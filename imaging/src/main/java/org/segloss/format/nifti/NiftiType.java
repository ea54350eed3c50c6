package org.segloss.format.nifti;

import java.util.Arrays;
import java.util.Optional;
import org.segloss.image.ElementType;

/// NIfTI-1's data types that this program reads, by their code in the header.
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
    UINT64(1280, ElementType.UINT64);

    final int code;
    final ElementType element;

    NiftiType(int code, ElementType element) {
        this.code = code;
        this.element = element;
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
            case 128 -> "RGB24";
            case 1536 -> "float128";
            case 1792 -> "complex128";
            case 2048 -> "complex256";
            case 2304 -> "RGBA32";
            default -> "unknown";
        };
    }
}
