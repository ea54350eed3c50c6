package org.segloss.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.segloss.experiment.RunFolder;
import org.segloss.io.AtomicFile;

/// Writes `report.html`: one file that works offline.
///
/// It is made from the files of the run folder and the data set alone. Same files, same bytes.
public final class Report {
    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.common.min.js";

    private Report() {}

    /// Writes the report of a run that has its `comparison.json`. If the data set is no longer where it was the report
    /// has no pictures and says so.
    ///
    /// @throws IOException if a file of the run is missing or bad
    public static void write(RunFolder folder) throws IOException {
        Page page = Page.of(folder);
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.segloss.report.template");
        engine.setBinaryStaticContent(false);
        engine.setTrimControlStructures(true);
        var html = new Utf8ByteOutput();
        engine.render(
                "report.jte",
                Map.of(
                        "page",
                        page,
                        "style",
                        resource("report.css"),
                        "script",
                        resource("report.js"),
                        "charts",
                        resource(ECHARTS)),
                html);
        AtomicFile.write(folder.report(), html::writeTo);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the program is incomplete: it lacks " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
