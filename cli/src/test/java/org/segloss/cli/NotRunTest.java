package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotRunTest {
    private static final Instant BEGAN = Instant.parse("2026-11-30T06:30:00Z");

    @TempDir
    Path root;

    private void report(String module, String name, Instant written, String cases) throws IOException {
        Path file = root.resolve(module, "target", "surefire-reports", "TEST-" + name + ".xml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<testsuite name=\"" + name + "\">" + cases + "</testsuite>");
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    // as surefire 3.5.4 writes a condition that is false and an assumption that failed
    @Test
    void reasonsOfAllModulesAreCounted() throws Exception {
        report("core", "A", BEGAN, """
                <testcase name="runs"/>
                <testcase name="a"><skipped type="org.opentest4j.TestAbortedException"><![CDATA[\
                org.opentest4j.TestAbortedException: Assumption failed: x.json is missing
                	at org.junit.jupiter.api.Assumptions.throwAssumptionFailed(Assumptions.java:340)
                ]]></skipped></testcase>""");
        report("cli", "B", BEGAN.plusSeconds(60), """
                <testcase name="a"><skipped message="../shared/data is missing"/></testcase>
                <testcase name="b"><skipped message="../shared/data is missing"/></testcase>""");
        assertThat(NotRun.summary(root, BEGAN).lines())
                .hasSize(5)
                .contains(
                        "NOT RUN: 3 of 4 tests",
                        "       2  because ../shared/data is missing",
                        "       1  because x.json is missing");
    }

    @Test
    void whatAnEarlierBuildLeftDoesNotCount() throws Exception {
        report("core", "Old", BEGAN.minusSeconds(1), "<testcase name=\"a\"><skipped message=\"old\"/></testcase>");
        assertThat(NotRun.summary(root, BEGAN)).isEqualToIgnoringNewLines("NO TEST WAS RUN");
        report("core", "New", BEGAN, "<testcase name=\"a\"/>");
        assertThat(NotRun.summary(root, BEGAN)).isEqualToIgnoringNewLines("ALL 1 TESTS WERE RUN");
    }
}
