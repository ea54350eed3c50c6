package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    // written with escapes: 1b and 9b begin a terminal's commands, 202e turns the direction of writing
    private static final String HOSTILE = "a\u001b[2J\u009b2J\u0007\u202eb\u2028\ud800";

    private static final String ESCAPED = "a\\u001b[2J\\u009b2J\\u0007\\u202eb\\u2028\\ud800";

    @Test
    void nothingThatSteersATerminalStays() {
        assertThat(Printable.quote(HOSTILE)).isEqualTo(ESCAPED);
        assertThat(Printable.quote("a\r\nb\tc")).isEqualTo("a\\u000d\\u000ab\\u0009c");
        assertThat(Printable.message("one " + HOSTILE + "\n\ttwo")).isEqualTo("one " + ESCAPED + "\n\ttwo");
    }

    @Test
    void anEscapeIsOneOfJson() {
        // a language tag, which is not seen
        assertThat(Printable.line("a\udb40\udc41\n")).isEqualTo("a\\udb40\\udc41\\u000a");
        assertThat(Printable.message("a\r\nb\rc")).isEqualTo("a\r\nb\\u000dc");
    }

    @Test
    void lettersOfAnyLanguageStay() {
        String text = "Größe 5 µm, 大きさ \ud83e\udde0";
        assertThat(Printable.quote("  " + text + "\n")).isEqualTo(text);
        assertThat(Printable.message(text)).isEqualTo(text);
    }

    @Test
    void aQuoteIsShort() {
        assertThat(Printable.quote("x".repeat(60))).isEqualTo("x".repeat(60));
        assertThat(Printable.quote("\ud83e\udde0".repeat(61))).isEqualTo("\ud83e\udde0".repeat(60) + "...");
        assertThat(Printable.message("x".repeat(200))).hasSize(200);
    }
}
