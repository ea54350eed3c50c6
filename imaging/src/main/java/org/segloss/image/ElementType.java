package org.segloss.image;

import java.util.Locale;

/// How one number of an array is stored.
public enum ElementType {
    /// 0 or 1 in a byte.
    BOOL(1),
    INT8(1),
    UINT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    UINT32(4),
    INT64(8),
    UINT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /// {@return the name as NumPy writes it, for example `uint8`}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
