package org.segloss.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import org.segloss.file.Printable;

/// What commands print to. Names of files and texts from them get to the screen as [visible characters][Printable]
/// alone: they must not steer it.
public final class Console extends PrintWriter {
    private final PrintWriter screen;

    private Console(PrintWriter screen) {
        super(new Visible(screen), true);
        this.screen = screen;
    }

    public static Console on(PrintWriter screen) {
        return new Console(screen);
    }

    /// {@return where all characters get to the screen as they are}
    public static PrintWriter plain(PrintWriter console) {
        return console instanceof Console own ? own.screen : console;
    }

    private static final class Visible extends FilterWriter {
        Visible(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            write(Character.toString(c));
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            write(new String(text, from, length));
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            out.write(Printable.message(text.substring(from, from + length)));
        }
    }
}
