package org.segloss.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/// The last word of `mvn verify`: how many tests were run, how many were not, and why.
///
/// A skipped test is one line among thousands, and nobody misses it. This reads what surefire reports of every module
/// and says it where it is seen. The build of the last module runs this file from its source, so it needs the JDK only.
final class NotRun {
    private NotRun() {}

    /// @param arguments the repository's root, and when the build began, as `2026-11-30T06:30:00Z`: reports of earlier
    ///                  builds don't count
    public static void main(String[] arguments) throws Exception {
        System.out.print(summary(Path.of(arguments[0]), Instant.parse(arguments[1])));
    }

    static String summary(Path root, Instant began) throws Exception {
        int tests = 0;
        Map<String, Integer> reasons = new TreeMap<>();
        for (Path report : reports(root)) {
            if (Files.getLastModifiedTime(report).toInstant().isBefore(began)) {
                continue;
            }
            var cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            tests += cases.getLength();
            for (int i = 0; i < cases.getLength(); i++) {
                var skipped = ((Element) cases.item(i)).getElementsByTagName("skipped");
                if (skipped.getLength() > 0) {
                    reasons.merge(reason((Element) skipped.item(0)), 1, Integer::sum);
                }
            }
        }
        int notRun = reasons.values().stream().mapToInt(count -> count).sum();
        if (notRun == 0) {
            return tests == 0 ? "NO TEST WAS RUN%n".formatted() : "ALL %d TESTS WERE RUN%n".formatted(tests);
        }
        String line = "*".repeat(100) + "%n".formatted();
        return line
                + "NOT RUN: %d of %d tests%n".formatted(notRun, tests)
                + reasons.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .map(entry -> "%8d  because %s%n".formatted(entry.getValue(), entry.getKey()))
                        .collect(Collectors.joining())
                + line;
    }

    private static List<Path> reports(Path root) throws Exception {
        try (Stream<Path> files = Files.find(
                root, 4, (path, attributes) -> path.toString().matches(".*surefire-reports.TEST-.*\\.xml"))) {
            return files.toList();
        }
    }

    /// A condition's reason is an attribute; an assumption's is the first line of a stack trace.
    private static String reason(Element skipped) {
        String message = skipped.getAttribute("message");
        if (message.isEmpty()) {
            message = skipped.getTextContent()
                    .strip()
                    .lines()
                    .findFirst()
                    .orElse("no reason is given")
                    .replaceFirst("^[\\w.]+: ", "");
        }
        return message.replaceFirst("^Assumption failed: ", "");
    }
}
