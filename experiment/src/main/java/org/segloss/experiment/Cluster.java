package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.TableRequest;
import org.segloss.score.TableScores;
import org.segloss.store.RunCopy;

/// Machines that take work, and the program that hands it out. What knows one is on the class path of who asks for it
/// alone, and is found by [ServiceLoader].
public interface Cluster {

    /// Where a cluster is found.
    ///
    /// @param url      as the cluster's programs write it
    /// @param settings in the cluster's own words, each `name=value`
    record Address(String url, List<String> settings) {
        public Address {
            settings = List.copyOf(settings);
        }
    }

    /// {@return an executor that has a run's jobs done by the cluster; it is asked once}
    ///
    /// @param folder of the run, which every machine sees under the same name, as it does the data
    /// @param copy   where `folder` is that of a run in a store; then every machine has copies of its own
    Executor executor(Address address, RunFolder folder, Optional<RunCopy> copy);

    /// Scores the pairs of a table.
    ///
    /// @param pairs a table with the columns `case`, `prediction` and `reference`, and maybe `name` and
    /// `group`: CSV, or
    ///     Parquet if its name says so. Paths in it are meant in its folder
    /// @param out   the scores, as Parquet; nothing may be there
    /// @param csv   the same as one file, with the columns of `scores.csv` and the reason
    /// @throws IOException if the cluster doesn't answer, or the table isn't one of pairs. A pair that can't be
    /// scored
    ///     is a row with the reason
    TableScores score(
            Address address, Path pairs, TableRequest request, Path out, Optional<Path> csv, Progress progress)
            throws IOException;

    /// {@return what knows clusters}
    /// @throws IllegalStateException if nothing does
    static Cluster known() {
        return ServiceLoader.load(Cluster.class)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "nothing here knows a cluster: start with the script segloss, which brings Spark where --spark is asked for, or put segloss-cluster and Spark on the class path"));
    }
}
