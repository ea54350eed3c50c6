package org.segloss.dicom.part10;

import java.nio.ByteOrder;

/// How a file's data set is laid out, and how its pixels are packed.
///
/// @param explicit whether each element says what kind of value it has
public record TransferSyntax(String uid, boolean explicit, ByteOrder order, boolean deflated, Packing packing) {

    /// How pixels are packed.
    public enum Packing {
        NONE("none"),
        RLE("RLE"),
        JPEG("JPEG"),
        JPEG_LS("JPEG-LS"),
        JPEG_2000("JPEG 2000"),
        OTHER("a way that is not known here");

        private final String words;

        Packing(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public static final TransferSyntax IMPLICIT = little("1.2.840.10008.1.2", false, Packing.NONE);
    public static final TransferSyntax EXPLICIT = little("1.2.840.10008.1.2.1", true, Packing.NONE);

    private static TransferSyntax little(String uid, boolean explicit, Packing packing) {
        return new TransferSyntax(uid, explicit, ByteOrder.LITTLE_ENDIAN, false, packing);
    }

    /// {@return what a UID means}; one that is not known packs its pixels, as all have done since 1993
    public static TransferSyntax of(String uid) {
        return switch (uid) {
            case "1.2.840.10008.1.2" -> IMPLICIT;
            case "1.2.840.10008.1.2.1" -> EXPLICIT;
            case "1.2.840.10008.1.2.1.99" -> new TransferSyntax(uid, true, ByteOrder.LITTLE_ENDIAN, true, Packing.NONE);
            case "1.2.840.10008.1.2.2" -> new TransferSyntax(uid, true, ByteOrder.BIG_ENDIAN, false, Packing.NONE);
            case "1.2.840.10008.1.2.5" -> little(uid, true, Packing.RLE);
            case "1.2.840.10008.1.2.4.50",
                    "1.2.840.10008.1.2.4.51",
                    "1.2.840.10008.1.2.4.57",
                    "1.2.840.10008.1.2.4.70" -> little(uid, true, Packing.JPEG);
            case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81" -> little(uid, true, Packing.JPEG_LS);
            case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91" -> little(uid, true, Packing.JPEG_2000);
            default -> little(uid, true, Packing.OTHER);
        };
    }

    /// {@return whether pixels lie in the file as they are}
    public boolean isNative() {
        return packing == Packing.NONE;
    }
}
