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
              task: {kind: binary}
              patch: [8, 16, 24]
              steps: 7
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
