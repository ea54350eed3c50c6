package org.segloss.dicom.part10;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The character sets that a file's texts may be in.
final class Charsets {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("ISO_IR 101", "ISO-8859-2"),
            Map.entry("ISO_IR 109", "ISO-8859-3"),
            Map.entry("ISO_IR 110", "ISO-8859-4"),
            Map.entry("ISO_IR 144", "ISO-8859-5"),
            Map.entry("ISO_IR 127", "ISO-8859-6"),
            Map.entry("ISO_IR 126", "ISO-8859-7"),
            Map.entry("ISO_IR 138", "ISO-8859-8"),
            Map.entry("ISO_IR 148", "ISO-8859-9"),
            Map.entry("ISO_IR 166", "TIS-620"),
            Map.entry("ISO_IR 13", "JIS_X0201"),
            Map.entry("ISO_IR 192", "UTF-8"),
            Map.entry("GB18030", "GB18030"),
            Map.entry("GBK", "GBK"),
            Map.entry("ISO 2022 IR 87", "ISO-2022-JP"),
            Map.entry("ISO 2022 IR 149", "EUC-KR"));

    private Charsets() {}

    /// {@return the last of several that is known}; Latin-1, which has ASCII in it, where none is
    static Charset of(List<String> terms) {
        Charset charset = StandardCharsets.ISO_8859_1;
        for (String term : terms) {
            String name = NAMES.get(
                    term.startsWith("ISO 2022 IR 1") && !term.endsWith(" 149") && !term.endsWith(" 159")
                            ? term.replace("ISO 2022 IR", "ISO_IR")
                            : term);
            if (name != null && Charset.isSupported(name)) {
                charset = Charset.forName(name);
            }
        }
        return charset;
    }
}
