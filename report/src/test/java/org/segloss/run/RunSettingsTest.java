package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSettingsTest {
    private static final String SETTINGS = """
            data: /data
            losses: [bce, dice]
            seeds: [1]
            training:
              task: {kind: binary, ignored-labels: []}
              patch: [8, 16, 24]
              steps: 7
              labels: {names: [background, organ], numbers: [[0], [1]], ignored: [], regions: [], marking: classes}
            """;

    @TempDir
    Path folder;

    private RunSettings settings(String text) throws IOException {
        return RunSettings.read(Files.writeString(folder.resolve("experiment.yaml"), text));
    }

    @Test
    void aSettingIsReadByItsNameAndOneThatIsNoTextIsRefused() throws IOException {
        RunSettings settings = settings(SETTINGS);
        assertThat(settings.losses()).containsExactly("bce", "dice");
        assertThat(settings.text("training.steps")).isEqualTo("7");
        for (String name : new String[] {"training.patch", "training.task", "training.batch"}) {
            assertThatIOException()
                    .isThrownBy(() -> settings.text(name))
                    .withMessageContainingAll("experiment.yaml", name, "undo what was changed");
        }
        assertThatIOException()
                .isThrownBy(() -> settings.value("training.patch", Integer.class))
                .withMessageContainingAll("experiment.yaml", "training.patch: ", "undo what was changed");
    }

    private void refuses(String old, String text, String... words) {
        assertThat(SETTINGS).contains(old);
        assertThatIOException()
                .isThrownBy(() -> settings(SETTINGS.replace(old, text)))
                .withMessageContainingAll(words)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("experiment.yaml", "undo what was changed")
                        .doesNotContain("\n", "mapping", "block", "flow", "token", "Source"));
    }

    @Test
    void aMistakeInTheNotationIsNamedWithItsLineAndColumn() {
        refuses("[bce, dice]", "[bce, dice", "line 3, column 6: a comma or a closing bracket is missing");
        refuses("losses: [bce", "losses [bce", "line 2, column 1: a colon is missing");
        refuses("  steps: 7", "\tsteps: 7", "line 7, column 1: a tab stands where spaces have to");
        refuses("  steps: 7", " steps: 7", "line 7, column 2: its indentation is wrong");
        refuses("data: /data", "data: 'here", "line 1, column 7: a quote is opened here and never closed");
        refuses("data: /data", "data: \"\\q\"", "line 1, column 7: within double quotes a backslash begins a sign");
        refuses("data: /data", "data: @here", "line 1, column 7: a text begins with a sign");
        refuses("data: /data", "data: a: b", "line 1, column 8: a second colon");
        refuses("seeds: [1]", "seeds: [1]]", "line 3, column 11: ");
        refuses("data: /data", "data: \u0001", "it has control characters");
        refuses("data: /data", "data: /data\ndata: /other", "line 2, column ", "'data' is there twice");
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        assertThatIOException()
                .isThrownBy(() -> settings(SETTINGS.replace("seeds: [1]", "seeds: [1.5]")))
                .withMessageContainingAll("seeds", "1.5");
        assertThatIOException()
                .isThrownBy(() -> settings(SETTINGS.replace("kind: binary", "kind: 1")))
                .withMessageContainingAll("training.task.kind", "undo what was changed");
    }
}
