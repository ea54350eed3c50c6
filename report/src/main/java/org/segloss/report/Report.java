package org.segloss.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.Utf8ByteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.segloss.compare.Comparison;
import org.segloss.file.AtomicFile;
import org.segloss.file.Printable;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoredMethods;

/// Writes `report.html`: one file that works offline.
///
/// It is made from the files of the run folder and the data set alone. Same files, same bytes.
public final class Report {
    private static final String ECHARTS = "META-INF/resources/webjars/echarts/5.3.1/dist/echarts.common.min.js";

    private Report() {}

    /// Writes the report of a run that has its `comparison.json`. If the data set is no longer where it was the report
    /// has no pictures and says so.
    ///
    /// @throws IOException if a file of the run is missing or bad
    public static void write(RunFolder folder) throws IOException {
        write(folder.report(), Page.of(folder));
    }

    /// Writes the report of scores that any program may have made.
    ///
    /// @param title what it is about
    public static void write(Path file, String title, Comparison comparison, List<ScoreRow> scores) throws IOException {
        write(file, Page.of(title, comparison, scores));
    }

    /// Writes the report of methods whose predictions were scored into a folder that has its `score.json`. If
    /// the images are no longer where they were the report has no pictures and says so.
    public static void write(RunFolder folder, ScoredMethods methods, Comparison comparison, List<ScoreRow> scores)
            throws IOException {
        write(folder.report(), Page.of(methods, comparison, scores));
    }

    private static void write(Path file, Page page) throws IOException {
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.segloss.report.template");
        engine.setBinaryStaticContent(false);
        engine.setTrimControlStructures(true);
        var scripts = new StringBuilder();
        if (page.curves().isPresent()) {
            // a script of its own, so that what it declares is not ours
            scripts.append(text(ECHARTS, Report.class.getClassLoader().getResourceAsStream(ECHARTS)))
                    .append("\n</script>\n<script>\n")
                    .append(resource("charts.js"));
        }
        if (page.images().isPresent()) {
            for (String name : List.of("volume.js", "picture.js", "pointer.js", "viewer.js")) {
                scripts.append(resource(name));
            }
        }
        var html = new Utf8ByteOutput();
        engine.render(
                "report.jte",
                Map.of("page", page, "style", resource("report.css"), "scripts", scripts.toString()),
                new Visible(html));
        AtomicFile.write(file, html::writeTo);
    }

    /// Names and texts from files show [visible characters][Printable] alone. In a script an escape means the same as
    /// what it stands for.
    private record Visible(TemplateOutput html) implements TemplateOutput {
        @Override
        public void writeContent(String text) {
            html.writeContent(Printable.message(text));
        }

        @Override
        public void writeContent(String text, int from, int to) {
            writeContent(text.substring(from, to));
        }
    }

    /// Of this package; what lies in another jar only the class loader finds for a module.
    private static String resource(String name) throws IOException {
        return text(name, Report.class.getResourceAsStream(name));
    }

    private static String text(String name, InputStream resource) throws IOException {
        try (InputStream in = resource) {
            if (in == null) {
                throw new IOException("the program is incomplete: it lacks " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
