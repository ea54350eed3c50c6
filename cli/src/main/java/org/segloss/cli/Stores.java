package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.segloss.file.ObjectUrl;
import org.segloss.run.Progress;
import org.segloss.store.DataCopy;
import org.segloss.store.ObjectStore;
import org.segloss.store.RunCopy;

/// The object stores that a command was given URLs of.
final class Stores {
    private static final String HADOOP = "spark.hadoop.";
    private static final Pattern SECRET =
            Pattern.compile("(?i)spark\\..*(access.key|account.key|secret|token|password).*(?<!file)");

    private final Map<String, String> settings;
    private Optional<ObjectStore> known = Optional.empty();

    /// @param spark settings of a Spark, some of which may be stores', each `name=value`
    /// @throws IllegalArgumentException if one of them is a secret
    Stores(List<String> spark) {
        settings = new LinkedHashMap<>();
        for (String setting : spark) {
            String name = setting.replaceFirst("=.*", "");
            if (SECRET.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "%s on a command line is seen by all users of the machine; put credentials into the environment, ~/.aws, or a file that only you may read"
                                .formatted(name));
            }
            if (name.startsWith(HADOOP)) {
                settings.put(name.substring(HADOOP.length()), setting.substring(setting.indexOf('=') + 1));
            }
        }
    }

    ObjectStore store() {
        if (known.isEmpty()) {
            known = Optional.of(ObjectStore.known().with(settings));
        }
        return known.get();
    }

    /// {@return a run's copy here}
    RunCopy run(ObjectUrl url) throws IOException {
        return RunCopy.of(store(), url);
    }

    /// {@return the folder of a data set here}, after copying it in if it lies in a store
    Path data(Location data, Progress progress) throws IOException {
        return data.url().isPresent()
                ? DataCopy.bring(store(), data.url().get(), progress)
                : data.path().orElseThrow();
    }

    /// Copies in the data set that a run is on, if it lies in a store.
    ///
    /// @param name as `experiment.yaml` has it
    /// @return where it lies here, if it was copied
    Optional<Path> bring(String name, Progress progress) throws IOException {
        return ObjectUrl.isUrl(name)
                ? Optional.of(DataCopy.bring(store(), ObjectUrl.parse(name), progress))
                : Optional.empty();
    }
}
