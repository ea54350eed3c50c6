package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SparkSettingsTest {
    @Test
    void whatTheUserSaysComesBeforeWhatIsSaidHere() {
        SparkSettings settings = SparkSettings.of("local", List.of("spark.task.cpus=2", "spark.a=b=c"))
                .with(List.of("spark.task.cpus=4", "spark.executor.cores=4"));
        assertThat(settings.stated()).containsEntry("spark.task.cpus", "2").containsEntry("spark.a", "b=c");
        assertThat(settings.ours())
                .containsEntry("spark.executor.cores", "4")
                .containsEntry("spark.speculation", "false");
    }

    @Test
    void whatIsNoSettingIsRefused() {
        assertThatThrownBy(() -> SparkSettings.of("local", List.of("spark.task.cpus")))
                .hasMessage("'spark.task.cpus' is no setting of Spark; write one as in spark.executor.memory=8g");
    }

    @Test
    void aUrlThatIsNoneIsSaid() {
        assertThatThrownBy(() -> SparkSettings.of("sparc://host", List.of()).session())
                .hasMessageStartingWith("no Spark at sparc://host: ")
                .hasMessageContaining("for example spark://host:7077");
    }

    @Test
    void aMasterThatDoesNotAnswerIsSaid() {
        assertThatThrownBy(() -> SparkSettings.of(
                                "spark://127.0.0.1:9", List.of("spark.driver.host=127.0.0.1", "spark.ui.enabled=false"))
                        .session())
                .hasMessageStartingWith("no Spark at spark://127.0.0.1:9: ");
    }

    @Test
    void aYarnThatNothingIsKnownOfIsSaid() {
        SparkSettings yarn = SparkSettings.of("yarn", List.of());
        assertThatThrownBy(() -> yarn.checkYarn(Map.of())).hasMessageContaining("HADOOP_CONF_DIR or YARN_CONF_DIR");
        assertThatCode(() -> yarn.checkYarn(Map.of("YARN_CONF_DIR", "/etc/hadoop")))
                .doesNotThrowAnyException();
    }

    @Test
    void aKubernetesThatDoesNotAnswerIsSaid() {
        assertThatThrownBy(() -> SparkSettings.of(
                                "k8s://https://127.0.0.1:9",
                                List.of("spark.kubernetes.container.image=none", "spark.ui.enabled=false"))
                        .session())
                .hasMessageStartingWith("no Spark at k8s://https://127.0.0.1:9: ")
                .hasMessageContaining("Connection refused");
    }
}
