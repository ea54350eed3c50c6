package org.segloss.cli;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Drawn as packages with their imports, the program has no arrow up and no cycle.
///
/// Arrows are read from the compiled classes of all modules, and from the import statements of their sources:
/// a constant that is copied into a class leaves no trace of where it came from.
class ArchitectureTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /// Each module's packages, lowest first, without their common `org.segloss`: a package may use those
    /// before it, and none that follows. Because this is one line, a cycle has an arrow up.
    private static final Map<String, List<String>> ORDER = new TreeMap<>(Map.of(
            "0 core",
            List.of(
                    "kernel",
                    "grid",
                    "loss",
                    "loss.voxel",
                    "loss.overlap",
                    "loss.ranked",
                    "loss.volume",
                    "loss.compound",
                    "evaluate",
                    "metric"),
            "1 imaging",
            List.of(
                    "random",
                    "file",
                    "image",
                    "format",
                    "format.nifti",
                    "format.picture",
                    "format.metaimage",
                    "format.nrrd",
                    "format.tiff",
                    "format.numpy",
                    "layout",
                    "dataset",
                    "prep",
                    "augment",
                    "decide"),
            "2 dicom",
            List.of("dicom.part10", "dicom.pixel", "dicom.series", "dicom.labels", "dicom"),
            "3 report",
            List.of("run", "score", "stat", "compare", "report"),
            "4 train",
            List.of("events", "plan", "torch", "torch.host", "net", "fit", "predict"),
            "5 experiment",
            List.of("store", "design", "experiment"),
            "6 cli",
            List.of("cli.terminal", "cli.cluster", "cli.score", "cli")));

    /// The packages that know libtorch.
    private static final Set<String> LIBTORCH = Set.of("torch", "torch.host");

    /// About 25: what a reader takes in at once, and two more.
    private static final int LARGEST_PACKAGE = 27;
    private static final int LONGEST_FILE = 500;

    private static List<String> order;
    /// The source files of a package.
    private static Map<String, List<Path>> packages;
    /// What the classes of a package name: other packages of ours, and `bytedeco`.
    private static Map<String, Set<String>> arrows;
    /// Where an arrow was seen first.
    private static Map<String, String> seen;

    @BeforeAll
    static void read() throws IOException {
        order = order();
        packages = new TreeMap<>();
        arrows = new TreeMap<>();
        seen = new HashMap<>();
        for (String module : ORDER.keySet()) {
            Path sources = module(module).resolve("src/main/java");
            for (Path file : files(sources, ".java")) {
                if (!file.getParent().equals(sources)) {
                    String name = packageOf(sources.relativize(file.getParent()).toString());
                    packages.computeIfAbsent(name, _ -> new ArrayList<>()).add(file);
                    Pattern.compile("(?m)^import (?:static )?(?:module )?(org[.\\w]+);")
                            .matcher(Files.readString(file))
                            .results()
                            .forEach(found -> arrow(name, found.group(1).replace('.', '/'), file));
                }
            }
            Path classes = module(module).resolve("target/classes");
            for (Path file : files(classes, ".class")) {
                String name = packageOf(classes.relativize(file.getParent()).toString());
                // what is left of an earlier build has no source any more, nor has what is generated
                if (packages.getOrDefault(name, List.of()).stream().anyMatch(source -> isOf(source, file))) {
                    for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                        if (entry instanceof Utf8Entry text) {
                            arrow(name, text.stringValue(), file);
                        }
                    }
                }
            }
        }
    }

    /// {@return all packages, lowest first}
    static List<String> order() {
        return ORDER.values().stream().flatMap(List::stream).toList();
    }

    private static Path module(String numbered) {
        return ROOT.resolve(numbered.substring(2));
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        assertThat(folder).isDirectory();
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static boolean isOf(Path source, Path classFile) {
        String type = classFile.getFileName().toString().replaceFirst("[$.].*", "");
        return source.getFileName().toString().equals(type + ".java");
    }

    private static String packageOf(String folder) {
        return folder.replace('\\', '/').replace("org/segloss/", "").replace('/', '.');
    }

    private static final Pattern NAME = Pattern.compile("org/(bytedeco)/|org/segloss/((?:[a-z]\\w*/)+)[A-Z]");

    private static void arrow(String from, String text, Path file) {
        NAME.matcher(text).results().forEach(found -> {
            String to = found.group(1) != null
                    ? found.group(1)
                    : found.group(2).substring(0, found.group(2).length() - 1).replace('/', '.');
            if (!to.equals(from)
                    && arrows.computeIfAbsent(from, _ -> new TreeSet<>()).add(to)) {
                seen.put(from + " -> " + to, file.getFileName().toString());
            }
        });
    }

    private static Set<String> arrowsThat(BiPredicate<String, String> arrow) {
        Set<String> found = new TreeSet<>();
        arrows.forEach((from, all) -> all.stream()
                .filter(to -> arrow.test(from, to))
                .forEach(to -> found.add(from + " -> " + to + " in " + seen.get(from + " -> " + to))));
        return found;
    }

    // ---------------------------------------------------------------- arrows

    @Test
    void everyPackageHasItsPlace() {
        assertThat(packages.keySet()).containsExactlyInAnyOrderElementsOf(order);
        ORDER.forEach((module, names) -> assertThat(names)
                .allSatisfy(name -> assertThat(packages.get(name)).allMatch(file -> file.startsWith(module(module)))));
    }

    @Test
    void noArrowGoesUp() {
        // enough of them to say that they were read
        assertThat(arrowsThat((_, _) -> true)).hasSizeGreaterThan(60);
        assertThat(arrowsThat((from, to) -> order.indexOf(to) > order.indexOf(from)))
                .isEmpty();
    }

    @Test
    void modulesDependOnThoseBeforeThem() throws IOException {
        List<String> modules =
                ORDER.keySet().stream().map(key -> key.substring(2)).toList();
        for (String module : modules) {
            Set<String> named = Pattern.compile("<artifactId>segloss-(\\w+)</artifactId>")
                    .matcher(Files.readString(ROOT.resolve(module).resolve("pom.xml")))
                    .results()
                    .map(found -> found.group(1))
                    .filter(name -> !name.equals(module))
                    .collect(toSet());
            assertThat(modules.subList(0, modules.indexOf(module))).as(module).containsAll(named);
        }
    }

    /// Scores, statistics and the report start without a network's engine.
    @Test
    void libtorchIsKnownToItsBindingAlone() {
        assertThat(arrowsThat((from, to) -> to.equals("bytedeco") && !LIBTORCH.contains(from)))
                .isEmpty();
        assertThat(arrows.get("torch")).contains("bytedeco");
    }

    // ---------------------------------------------------------------- sizes

    @Test
    void coreHasTenPackagesAtMost() {
        assertThat(ORDER.get("0 core")).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void packagesAreOfASizeToTakeInAtOnce() {
        Map<String, Integer> large = new TreeMap<>();
        packages.forEach((name, files) -> large.put(name, (int) files.stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .count()));
        large.values().removeIf(size -> size <= LARGEST_PACKAGE);
        assertThat(large).isEmpty();
    }

    @Test
    void everyPackageSaysWhatLivesThere() {
        assertThat(packages.entrySet().stream()
                        .filter(entry ->
                                entry.getValue().stream().noneMatch(file -> file.endsWith("package-info.java")))
                        .map(Map.Entry::getKey))
                .isEmpty();
    }

    @Test
    void noSourceFileIsLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : files(ROOT, ".java")) {
            if (!ROOT.relativize(file).toString().contains("target")) {
                long lines = Files.readAllLines(file).size();
                if (lines > LONGEST_FILE) {
                    tooLong.add(ROOT.relativize(file) + ": " + lines);
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }
}
