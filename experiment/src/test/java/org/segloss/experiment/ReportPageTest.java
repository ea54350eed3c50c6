package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.loss.Task;
import org.segloss.metric.Score.Status;
import org.segloss.report.Report;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;

/// The report in Debian's Chromium. With `-Dsegloss.screenshots=DIR` it leaves pictures there to be looked at, and with
/// `-Dsegloss.screenshotsOf=RUN_FOLDER` those of another run's report.
class ReportPageTest {
    // the browser may still be writing into its profile
    @TempDir(cleanup = CleanupMode.NEVER)
    static Path folder;

    private static Path report;
    private static Path flat;
    private static Browser browser;

    @BeforeAll
    static void openBrowser() throws Exception {
        report = report("cubes", SmallData.write(folder.resolve("cubes")));
        flat = report("squares", SmallData.writeFlat(folder.resolve("squares")));
        browser = Browser.start(Files.createDirectory(folder.resolve("profile")));
    }

    private static Path report(String name, Path data) throws IOException {
        var run = new RunFolder(folder.resolve("run-" + name));
        Run.of(SmallData.experiment(data, Task.Kind.MULTICLASS, 2, "ce", "dice"))
                .in(run, Progress.silent());
        Report.write(run);
        return run.report();
    }

    @AfterAll
    static void closeBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static void open(Path file, int width, boolean dark) throws Exception {
        browser.size(width, 900, dark);
        browser.open(file);
        browser.waitFor(
                "!document.querySelector('#viewer') || document.querySelector('#viewer').dataset.case !== undefined");
    }

    private static String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('%s').textContent".formatted(selector))
                .asString();
    }

    /// The gray, red, green and blue sums of a canvas, to tell pictures apart.
    private static String pixels(String selector) throws Exception {
        return browser.evaluate("""
                        (() => { const c = document.querySelector('%s');
                          const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                          let h = 0; for (const v of d) h = (31 * h + v) | 0; return String(h); })()
                        """.formatted(selector)).asString();
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "1280, true", "400, false", "400, true"})
    void itFitsTheWidthAndSaysNothingIsWrong(int width, boolean dark) throws Exception {
        open(report, width, dark);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor")
                        .asString())
                .isEqualTo(dark ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)");
        assertThat(browser.events("Runtime.consoleAPICalled", _ -> true)).isEmpty();
        assertThat(browser.events("Runtime.exceptionThrown", _ -> true)).isEmpty();
        assertThat(browser.events("Log.entryAdded", _ -> true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 760, 1280})
    void manyLossesWithLongNamesFitToo(int width) throws Exception {
        var rows = new ArrayList<ScoreRow>();
        for (int loss = 0; loss < 12; loss++) {
            for (int i = 0; i < 80; i++) {
                // multiples of a prime: spread, and the same in each run
                double value = (i * 37 + loss * loss * 11) % 101 / 101.0;
                rows.add(new ScoreRow(
                        "tversky(fp=0.%d, fn=0.7) + 0.5*hausdorff(erosions=10)".formatted(loss),
                        0,
                        1 + i % 2,
                        "a_case_with_a_name_that_is_rather_long_%02d".formatted(i / 2),
                        "mean",
                        "dice",
                        value,
                        Status.OK,
                        "group " + i / 4));
            }
        }
        Path file = folder.resolve("many.html");
        Report.write(file, "many", Comparison.of(rows, ComparisonRules.standard()), rows);
        open(file, width, false);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
    }

    @Test
    void noRequestLeavesTheFile() throws Exception {
        open(report, 1280, false);
        List<String> requests = browser.events("Network.requestWillBeSent", _ -> true).stream()
                .map(e -> e.path("request").path("url").asString())
                .filter(url -> !url.startsWith("data:"))
                .toList();
        assertThat(requests).containsExactly(report.toUri().toString());
    }

    @Test
    void theViewerTurnsSlicesByClickWheelAndKeys() throws Exception {
        open(report, 1280, false);
        String axial = ".pane[data-direction=Axial] figure:nth-child(2) canvas";
        String slice = ".pane[data-direction=Axial] output";
        String sagittal = ".pane[data-direction=Sagittal] output";
        browser.click(axial, 0.5, 0.5);
        String before = text(slice);
        String picture = pixels(axial);
        browser.key("ArrowUp");
        assertThat(text(slice)).isNotEqualTo(before);
        assertThat(pixels(axial)).isNotEqualTo(picture);
        browser.key("ArrowDown");
        assertThat(text(slice)).isEqualTo(before);
        assertThat(pixels(axial)).isEqualTo(picture);
        browser.wheel(axial, -120);
        browser.waitFor("document.querySelector('%s').textContent !== '%s'".formatted(slice, before));
        // a click moves the other directions
        browser.click(axial, 0.1, 0.5);
        String left = text(sagittal);
        browser.click(axial, 0.9, 0.5);
        assertThat(text(sagittal)).isNotEqualTo(left);
    }

    @Test
    void theWheelIsThePagesUntilAPictureIsClicked() throws Exception {
        open(report, 1280, false);
        String before = text(".pane[data-direction=Axial] output");
        browser.wheel(".pane[data-direction=Axial] canvas", -120);
        Thread.sleep(300);
        assertThat(text(".pane[data-direction=Axial] output")).isEqualTo(before);
    }

    @Test
    void theViewerZoomsAndHidesErrors() throws Exception {
        open(report, 1280, false);
        String axial = ".pane[data-direction=Axial] figure:nth-child(2) canvas";
        browser.click(axial, 0.5, 0.5);
        String whole = pixels(axial);
        browser.key("+");
        assertThat(pixels(axial)).isNotEqualTo(whole);
        browser.key("0");
        assertThat(pixels(axial)).isEqualTo(whole);
        // two steps of training leave errors
        browser.key("e");
        assertThat(pixels(axial)).isNotEqualTo(whole);
        browser.key("e");
        assertThat(pixels(axial)).isEqualTo(whole);
    }

    @Test
    void errorsHaveTheColoursOfTheLegend() throws Exception {
        open(report, 1280, false);
        // prediction and reference, as the page holds them, decide the colour of every voxel
        assertThat(browser.evaluate("errorColour(0, 1).slice(0, 3).join()").asString())
                .isEqualTo("230,159,0");
        assertThat(browser.evaluate("errorColour(1, 0).slice(0, 3).join()").asString())
                .isEqualTo("86,180,233");
        assertThat(browser.evaluate("errorColour(1, 2).slice(0, 3).join()").asString())
                .isEqualTo("204,121,167");
        assertThat(browser.evaluate("errorColour(2, 2)[3]").asInt()).isZero();
    }

    /// By the page's own functions. By hand, of the rows 1 ? ? 0 and 1 1 0 0: the edges are those below the second
    /// row's voxels of 1, and the one between 1 and 0 there; what nobody knows has none.
    @Test
    void whatIsIgnoredIsNeitherAnErrorNorAClassInTheViewer() throws Exception {
        open(report, 1200, false);
        assertThat(browser.evaluate("JSON.stringify([255, 1].map((label) => errorColour(label, 2, [255])))")
                        .asString())
                .isEqualTo("[[0,0,0,0],[204,121,167,166]]");
        assertThat(browser.evaluate(
                                "JSON.stringify([0, 1, 2, 3].map((column) => ignoredColour(255, column, 0, [255])[3]))")
                        .asString())
                .isEqualTo("[166,166,0,0]");
        String edges = "(() => { const lines = []; const own = window.Path2D;"
                + " window.Path2D = class { moveTo(x, y) { lines.push([x, y]); } lineTo() {} };"
                + " outline([1, 255, 255, 0, 1, 1, 0, 0], 4, 2, [255]); window.Path2D = own; return JSON.stringify(lines); })()";
        assertThat(browser.evaluate(edges).asString()).isEqualTo("[[0,2],[2,1],[1,2]]");
    }

    @Test
    void theVoxelsInThePageAreThoseOfTheFiles() throws Exception {
        open(report, 1280, false);
        // SmallData's cube_3: label 1 at z 2 and 3, label 2 at z 4 and 5, each 3 x 4 x 2 voxels
        assertThat(browser.evaluate(
                                "readCase(document.querySelector('script.voxels').textContent).then(v => [1, 2].map(l => v.reference.filter(x => x === l).length).join())")
                        .asString())
                .isEqualTo("24,24");
        assertThat(browser.evaluate(
                                "readCase(document.querySelector('script.voxels').textContent).then(v => v.reference.indexOf(1))")
                        .asInt())
                .isEqualTo((2 * 8 + 2) * 8 + 3);
    }

    @Test
    void theViewerBeginsInTheMiddleOfTheReference() throws Exception {
        open(report, 1280, false);
        // cube_3: x from 3 to 5, the first of equal rows is y 2, of equal slices z 2
        assertThat(browser.evaluate(
                                "fullest(Uint8Array.from({ length: 512 }, (_, i) => "
                                        + "i % 8 > 2 && i % 8 < 6 && (i >> 3) % 8 > 1 && (i >> 3) % 8 < 6 && i >> 6 > 1 && i >> 6 < 6), [8, 8, 8]).join()")
                        .asString())
                .isEqualTo("4,2,2");
        assertThat(browser.evaluate("fullest(new Uint8Array(512), [8, 8, 8]).join()")
                        .asString())
                .isEqualTo("4,4,4");
        assertThat(text(".pane[data-direction=Sagittal] output")).isEqualTo("5 / 8");
    }

    @Test
    void flatImagesHaveOneDirectionAndNoSlider() throws Exception {
        open(flat, 1280, false);
        assertThat(browser.evaluate("document.querySelectorAll('.pane').length").asInt())
                .isEqualTo(1);
        assertThat(browser.evaluate("document.querySelector('.head').checkVisibility()")
                        .asBoolean())
                .isFalse();
        browser.click("canvas", 0.5, 0.5);
        browser.key("+");
        assertThat(browser.events("Runtime.exceptionThrown", _ -> true)).isEmpty();
    }

    @Test
    void everyControlAndPictureHasAName() throws Exception {
        open(report, 1280, false);
        assertThat(browser.evaluate("""
                                [...document.querySelectorAll('button, select, input, canvas, img, svg.plot:not([aria-hidden])')]
                                  .filter(e => !(e.getAttribute('aria-label') || e.alt || e.textContent.trim() || e.closest('label')))
                                  .map(e => e.outerHTML.slice(0, 80)).join('\\n')
                                """).asString()).isEmpty();
    }

    @Test
    void onPaperThereArePicturesInsteadOfTheViewer() throws Exception {
        open(report, 1280, true);
        assertThat(new String(browser.pdf(), 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        browser.send("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertThat(browser.evaluate(
                                "['#viewer', '.gallery', '.live > svg', '.chart'].map(s => document.querySelector(s).checkVisibility()).join()")
                        .asString())
                .isEqualTo("false,true,true,false");
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor")
                        .asString())
                .isEqualTo("rgb(255, 255, 255)");
        browser.send("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void withoutScriptsThePicturesAreThere() throws Exception {
        browser.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        try {
            browser.size(1280, 900, false);
            browser.open(report);
            assertThat(browser.evaluate("document.querySelector('.gallery').checkVisibility()")
                            .asBoolean())
                    .isTrue();
            assertThat(browser.evaluate("document.querySelector('[data-chart] > svg').checkVisibility()")
                            .asBoolean())
                    .isTrue();
        } finally {
            browser.send("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        }
    }

    static Stream<Path> shown() {
        return System.getProperty("segloss.screenshotsOf") == null
                ? Stream.of(report, flat)
                : Stream.of(new RunFolder(Path.of(System.getProperty("segloss.screenshotsOf"))).report());
    }

    @Test
    void screenshots() throws Exception {
        String target = System.getProperty("segloss.screenshots", folder.toString());
        for (Path file : shown().toList()) {
            for (int width : List.of(1280, 400)) {
                for (boolean dark : List.of(false, true)) {
                    open(file, width, dark);
                    String name = "%s-%d-%s".formatted(file.getParent().getFileName(), width, dark ? "dark" : "light");
                    byte[] png = browser.screenshot();
                    Files.write(Files.createDirectories(Path.of(target)).resolve(name + ".png"), png);
                    assertThat(png).hasSizeGreaterThan(10_000);
                }
            }
            Files.write(Path.of(target).resolve(file.getParent().getFileName() + ".pdf"), browser.pdf());
        }
    }
}
