package org.segloss.cli.cluster;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Who else does the work. Knows no cluster itself: what trains may be missing where scores are all that is wanted.
public final class ClusterOptions {
    @Option(
            names = "--spark",
            paramLabel = "URL",
            description =
                    "Has the work done by a Spark: spark://host:7077, yarn, k8s://..., or local[*] for one in this program. docs/cluster.md says what its workers need.")
    private Optional<String> spark;

    @Option(
            names = "--spark-conf",
            paramLabel = "NAME=VALUE",
            description =
                    "A setting of Spark, as spark-submit --conf takes it, for example spark.executor.memory=8g. May be given several times.")
    private List<String> settings = List.of();

    /// @throws IllegalArgumentException if there are settings for nothing
    public boolean areGiven() {
        if (spark.isEmpty() && !settings.isEmpty()) {
            throw new IllegalArgumentException("--spark-conf says something of a Spark: add --spark URL");
        }
        return spark.isPresent();
    }

    public String url() {
        return spark.orElseThrow();
    }

    public List<String> settings() {
        return settings;
    }
}
