package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

    @ParameterizedTest
    @ValueSource(strings = {"25.0.3", "25.0.3+9-LTS", "25.0.4", "25.1", "26-ea"})
    void javaFrom2503OnIsGood(String version) {
        assertThat(Version.check(Runtime.Version.parse(version))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "24.0.2", "25", "25.0.2+10"})
    void anOlderJavaIsNamedWithWhatToDo(String version) {
        assertThat(Version.check(Runtime.Version.parse(version)))
                .hasValueSatisfying(problem -> assertThat(problem).contains(version, "25.0.3", "JAVA_HOME"));
    }
}
