package org.segloss.cluster;

import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/// How this program becomes the driver of a Spark: what it asks for, where nobody says otherwise.
///
/// What the user says comes first, then what `spark-defaults.conf` of `SPARK_CONF_DIR` or `SPARK_HOME` says, as for
/// `spark-submit`, then what is said here.
///
/// @param url    `spark://host:7077`, `yarn`, `k8s://...`, `local[*]` or `local-cluster[2,1,2048]`
/// @param ours   what is said here
/// @param stated what the user says
record SparkSettings(String url, Map<String, String> ours, Map<String, String> stated) {

    private static final String STANDALONE = "spark://";
    private static final Pattern KNOWN = Pattern.compile("local|local\\[.*]|local-cluster\\[.*]|yarn|(spark|k8s)://.+");
    private static final int PATIENCE_MS = 10_000;
    private static final List<String> YARN_FOLDERS = List.of("HADOOP_CONF_DIR", "YARN_CONF_DIR");
    private static final List<String> ENVIRONMENT = List.of(
            "OMP_WAIT_POLICY",
            "GOMP_SPINCOUNT",
            "MALLOC_ARENA_MAX",
            "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_MMAP_THRESHOLD_");

    SparkSettings {
        ours = Map.copyOf(ours);
        stated = Map.copyOf(stated);
    }

    /// @param settings each `name=value`
    /// @throws IllegalArgumentException if one is not
    static SparkSettings of(String url, List<String> settings) {
        return new SparkSettings(url, standard(), parse(settings));
    }

    /// {@return these settings, with more that are said here}
    SparkSettings with(List<String> more) {
        Map<String, String> all = new LinkedHashMap<>(ours);
        all.putAll(parse(more));
        return new SparkSettings(url, all, stated);
    }

    private static Map<String, String> parse(List<String> settings) {
        Map<String, String> stated = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "'%s' is no setting of Spark; write one as in spark.executor.memory=8g".formatted(setting));
            }
            stated.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return stated;
    }

    /// {@return a session, to be closed}
    /// @throws IOException if there is no such Spark, or it doesn't answer
    SparkSession session() throws IOException {
        var all = new TreeMap<>(ours);
        all.putAll(defaults(System.getenv()));
        all.putAll(stated);
        var builder = SparkSession.builder().master(url).appName("segloss");
        all.forEach(builder::config);
        check();
        try {
            return builder.getOrCreate();
        } catch (Exception e) {
            throw new IOException(none(rootOf(e)), e);
        }
    }

    /// @throws IOException if there is no such Spark; says what to give
    void check() throws IOException {
        if (!KNOWN.matcher(url).matches()) {
            throw new IOException(none("that is no URL of one"));
        }
        checkMasters();
        checkYarn(System.getenv());
    }

    /// {@return what to throw where a Spark has ended this program's session}
    IOException ended(Exception e) {
        return new IOException(
                "the Spark at %s ended this program's session (%s). What is done is kept, and the same command goes on"
                        .formatted(
                                url,
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")),
                e);
    }

    /// {@return what lies below it, for what Spark says of it may be that an error has occurred}
    private static String rootOf(Exception problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Objects.requireNonNullElse(root.getMessage(), root.toString())
                .lines()
                .findFirst()
                .orElse("");
    }

    /// Without them Spark asks a YARN on this machine, and goes on asking for a quarter of an hour.
    void checkYarn(Map<String, String> environment) throws IOException {
        if (url.equals("yarn") && YARN_FOLDERS.stream().noneMatch(environment::containsKey)) {
            throw new IOException(
                    "--spark yarn needs the cluster's settings: set HADOOP_CONF_DIR or YARN_CONF_DIR to the folder where its yarn-site.xml lies");
        }
    }

    /// A session whose master doesn't answer is stopped after a minute, and throws nothing that says so.
    private void checkMasters() throws IOException {
        if (!url.startsWith(STANDALONE)) {
            return;
        }
        String why = "";
        for (String master : url.substring(STANDALONE.length()).split(",")) {
            try (var socket = new Socket()) {
                URI address = URI.create(STANDALONE + master);
                socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), PATIENCE_MS);
                return;
            } catch (IOException | IllegalArgumentException e) {
                why = "nothing answers (%s)".formatted(e.getMessage());
            }
        }
        throw new IOException(none(why));
    }

    private String none(String why) {
        return "no Spark at %s: %s. Give --spark the URL that the master's page shows, for example spark://host:7077, or local[*] for one in this program"
                .formatted(url, why);
    }

    private static Map<String, String> standard() {
        Map<String, String> ours = new LinkedHashMap<>();
        // two attempts at one training would write over each other
        ours.put("spark.speculation", "false");
        ours.put("spark.log.level", "ERROR");
        ours.put("spark.ui.showConsoleProgress", "false");
        // as the launcher does it for trainings here: how threads and memory are treated
        for (String name : ENVIRONMENT) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> ours.put("spark.executorEnv." + name, value));
        }
        // every worker has the program where this one has it; its jars have 120 MB, too much to send to each executor
        ours.put("spark.executor.extraClassPath", ownClassPath());
        return ours;
    }

    /// {@return where the classes of this program lie, Spark's own not among them}
    static String ownClassPath() {
        return System.getProperty("segloss.classpath", System.getProperty("java.class.path"));
    }

    private static Map<String, String> defaults(Map<String, String> environment) throws IOException {
        Optional<Path> folder = Optional.ofNullable(environment.get("SPARK_CONF_DIR"))
                .map(Path::of)
                .or(() -> Optional.ofNullable(environment.get("SPARK_HOME")).map(home -> Path.of(home, "conf")));
        Optional<Path> file = folder.map(f -> f.resolve("spark-defaults.conf")).filter(Files::isRegularFile);
        Map<String, String> defaults = new LinkedHashMap<>();
        if (file.isPresent()) {
            var properties = new Properties();
            try (Reader in = Files.newBufferedReader(file.get())) {
                properties.load(in);
            }
            properties
                    .stringPropertyNames()
                    .forEach(name ->
                            defaults.put(name, properties.getProperty(name).strip()));
        }
        return defaults;
    }
}
