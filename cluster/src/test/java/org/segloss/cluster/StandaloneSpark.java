package org.segloss.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/// A Spark of its own: a master and workers, each a process, on this machine's loopback. Its installation is a folder
/// of links to the jars that this test was given.
final class StandaloneSpark implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final int cores;
    private final String memory;
    private final Map<String, String> environment;
    private final String url;
    private final List<Process> workers = new ArrayList<>();
    private Process master;

    StandaloneSpark(int workers, int cores, String memory) throws IOException, InterruptedException {
        this(workers, cores, memory, Map.of());
    }

    /// @param environment what its processes find there beside the rest
    StandaloneSpark(int workers, int cores, String memory, Map<String, String> environment)
            throws IOException, InterruptedException {
        Files.createDirectories(Path.of("target"));
        folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "spark-");
        this.cores = cores;
        this.memory = memory;
        this.environment = environment;
        Files.createDirectories(folder.resolve("jars"));
        for (Path jar : jars()) {
            Files.createSymbolicLink(folder.resolve("jars").resolve(jar.getFileName()), jar);
        }
        master = startMaster("0");
        url = said("master", URL);
        for (int i = 0; i < workers; i++) {
            this.workers.add(startWorker(i));
        }
        for (int i = 0; i < workers; i++) {
            said(worker(i), Pattern.compile("(Successfully registered with master)"));
        }
    }

    private Process startMaster(String port) throws IOException {
        return start(
                "master",
                // as an operator sets it up who wants applications to outlive a master
                List.of(
                        "-Dspark.deploy.recoveryMode=FILESYSTEM",
                        "-Dspark.deploy.recoveryDirectory=" + folder.resolve("recovery")),
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                port,
                "--webui-port",
                "0");
    }

    private Process startWorker(int number) throws IOException {
        return start(
                worker(number),
                List.of(),
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                Integer.toString(cores),
                "--memory",
                memory,
                "--work-dir",
                folder.resolve("work-" + number).toString(),
                url);
    }

    private static String worker(int number) {
        return "worker-" + number;
    }

    /// Kills the master and starts another one at its address.
    void replaceMaster() throws IOException, InterruptedException {
        master.destroyForcibly().waitFor();
        master = startMaster(url.substring(url.lastIndexOf(':') + 1));
    }

    /// Kills a worker, which its executors don't outlive, and starts another one.
    void replaceWorker(int number) throws IOException, InterruptedException {
        workers.get(number).destroyForcibly().waitFor();
        workers.set(number, startWorker(number));
    }

    /// {@return where an application finds it}
    String url() {
        return url;
    }

    /// {@return what an application says to run here, as `name=value`}
    List<String> settings() throws IOException {
        return List.of(
                "spark.executor.memory=512m",
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.executor.extraClassPath=" + ownClassPath());
    }

    /// {@return the processes that work for applications now}
    List<ProcessHandle> executors() {
        return workers.stream().flatMap(worker -> worker.toHandle().children()).toList();
    }

    /// {@return where a process keeps what it can have again}
    private Path cache(String name) {
        return folder.resolve("cache-" + name);
    }

    /// {@return where the workers keep what they can have again}
    List<Path> caches() {
        return IntStream.range(0, workers.size())
                .mapToObj(i -> cache(worker(i)))
                .toList();
    }

    /// {@return the jars of an installation of Spark}: this build writes down what they are, but for one that this
    /// project needs too
    private static List<Path> jars() throws IOException {
        String listed = Files.readString(Path.of("target", "spark.classpath"));
        return Stream.concat(
                        paths(listed),
                        classPath().filter(path -> path.toString().contains("jackson-annotations")))
                .distinct()
                .toList();
    }

    /// {@return the class path of an executor besides Spark's}
    static String ownClassPath() throws IOException {
        List<Path> sparks = jars();
        return classPath()
                .filter(path -> !sparks.contains(path))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<Path> classPath() throws IOException {
        return paths(programClassPath());
    }

    /// {@return the class path of a driver}: of this test, and what speaks to object stores
    static String programClassPath() throws IOException {
        return System.getProperty("java.class.path")
                + File.pathSeparator
                + Files.readString(Path.of("..", "storage", "target", "store.classpath"))
                        .strip();
    }

    private static Stream<Path> paths(String list) {
        return Arrays.stream(list.strip().split(File.pathSeparator)).map(Path::of);
    }

    private Process start(String name, List<String> options, String main, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(options);
        command.addAll(List.of("-Xmx512m", "-cp", folder.resolve("jars") + "/*", main));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        // each keeps copies of its own, as on machines of their own
        builder.environment().put("XDG_CACHE_HOME", cache(name).toString());
        builder.environment().putAll(environment);
        builder.environment().put("SPARK_HOME", folder.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true).redirectOutput(Redirect.to(log(name).toFile()));
        return builder.start();
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private String said(String name, Pattern pattern) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Matcher matcher = pattern.matcher(Files.readString(log(name)));
            if (matcher.find()) {
                return matcher.group(1);
            }
            Thread.sleep(50);
        }
        throw new IOException("%s did not say %s:%n%s".formatted(name, pattern, Files.readString(log(name))));
    }

    @Override
    public void close() {
        // a worker takes its executors with it
        workers.forEach(Process::destroy);
        master.destroy();
    }
}
