package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.kernel.UserCode.loss;
import static org.segloss.kernel.UserCode.metric;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.loss.Loss;
import org.segloss.metric.Metric;

/// Users' classes as compilers and broken jars leave them.
class ProvidersTest {
    @TempDir
    private Path folder;

    private UserCode code;

    @BeforeEach
    void begin() throws IOException {
        code = new UserCode(folder);
    }

    private Providers<Loss.Leaf> losses(ClassLoader users) {
        return Providers.of(List.of(Loss.Leaf.class), users);
    }

    private int ours() {
        return losses(ProvidersTest.class.getClassLoader()).usable().size();
    }

    private static List<String> usersOf(Providers<?> found) {
        return found.usable().stream()
                .map(provider -> provider.getClass().getName())
                .filter(name -> name.startsWith("mine."))
                .toList();
    }

    @Test
    void theBrokenHideNoneOfTheOthers() throws IOException {
        code.source("mine/First.java", loss("record First()"))
                .source("mine/Cut.java", loss("record Cut()"))
                .source("mine/Newer.java", loss("record Newer()"))
                .source("mine/Kind.java", "package mine; public interface Kind {}")
                .source("mine/Orphan.java", loss("record Orphan()").replace("OverlapLoss", "OverlapLoss, Kind"))
                .source("mine/Failing.java", loss("record Failing()").replace("    public Scalar", """
                            public Failing {
                                throw new IllegalStateException("no license");
                            }

                            public Scalar"""))
                .source("mine/Stranger.java", "package mine; public record Stranger() {}")
                .source("mine/Last.java", loss("record Last()"))
                .compile("-cp", UserCode.library())
                .services(
                        Loss.Leaf.class,
                        "mine.First",
                        "mine.Cut",
                        "mine.Newer",
                        "mine.Orphan",
                        "mine.Failing",
                        "mine.Stranger",
                        "mine.Nowhere",
                        "mine.Last");
        byte[] cut = Files.readAllBytes(code.classFile("mine.Cut"));
        Files.write(code.classFile("mine.Cut"), java.util.Arrays.copyOf(cut, cut.length / 2));
        byte[] newer = Files.readAllBytes(code.classFile("mine.Newer"));
        newer[7] = 120; // the version of the class file, of a Java that is yet to come
        Files.write(code.classFile("mine.Newer"), newer);
        Files.delete(code.classFile("mine.Kind"));

        Providers<Loss.Leaf> found = losses(code.onClassPath());
        assertThat(usersOf(found)).containsExactly("mine.First", "mine.Last");
        assertThat(found.usable()).hasSize(ours() + 2);
        assertThat(found.problems())
                .satisfiesExactlyInAnyOrder(
                        cause -> assertThat(cause).contains("mine.Cut: ", "ClassFormatError"),
                        cause -> assertThat(cause).contains("mine.Newer: ", "more recent version"),
                        cause -> assertThat(cause).contains("mine.Orphan: ", "mine.Kind"),
                        cause -> assertThat(cause).contains("mine.Failing", "no license"),
                        cause -> assertThat(cause).contains("mine.Stranger not a subtype"),
                        cause -> assertThat(cause).contains("mine.Nowhere not found"));
        assertThat(found.problem("losses").orElseThrow())
                .startsWith("losses that were found, but can't be used: ")
                .contains("; mine.Cut: ")
                .doesNotContain("\n");
    }

    /// An old metric lacks what an interface asks for now, which shows only when it is asked.
    @Test
    void whatFailsWhenItIsAskedHidesNoneOfTheOthers() throws IOException {
        code.source("mine/Old.java", metric("Old", "old"))
                .source("mine/Young.java", metric("Young", "young"))
                .compile("-cp", UserCode.library())
                .services(Metric.class, "mine.Old", "mine.Young");
        String without = metric("Old", "old").replace("public String name()", "public String oldName()");
        Path stub = Files.createDirectories(folder.resolve("stub/org/segloss/metric"));
        Files.writeString(stub.resolve("Metric.java"), """
                package org.segloss.metric;

                public interface Metric {
                    enum Better {
                        LOWER
                    }
                }
                """);
        code.source("mine/Old.java", without)
                .compile(
                        "-cp",
                        UserCode.library(),
                        "-sourcepath",
                        folder.resolve("stub").toString(),
                        "-implicit:none");

        Providers<Metric> found = Providers.<Metric>of(List.of(Metric.class), code.onClassPath());
        assertThat(usersOf(found)).containsExactly("mine.Old", "mine.Young");
        Providers<String> names = found.map((metric, _) -> metric.name());
        assertThat(names.usable()).containsExactly("young");
        assertThat(names.problems())
                .singleElement()
                .asString()
                .startsWith("mine.Old: ")
                .contains("AbstractMethodError");
    }

    @Test
    void oursComeFirstAndOnce() throws IOException {
        code.source("mine/Own.java", loss("record Own()"))
                .compile("-cp", UserCode.library())
                .services(Loss.Leaf.class, "mine.Own");
        List<Loss.Leaf> found = losses(code.onClassPath()).usable();
        assertThat(found).doesNotHaveDuplicates().hasSize(ours() + 1);
        assertThat(found.getFirst().getClass().getName()).isEqualTo("org.segloss.loss.voxel.Bce");
        assertThat(found.getLast().getClass().getName()).isEqualTo("mine.Own");
    }

    /// A plug-in may bring another copy of this library, which is no business of this one.
    @Test
    void aLoaderWithAnotherCopyOfTheLibraryIsNotAsked() throws IOException {
        class Copy extends ClassLoader {
            Copy() {
                super(ProvidersTest.class.getClassLoader());
            }

            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (!name.startsWith("org.segloss.loss.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }
        ClassLoader copy = new Copy();
        assertThat(copy)
                .satisfies(loader ->
                        assertThat(loader.loadClass(Loss.class.getName())).isNotEqualTo(Loss.class));
        Providers<Loss.Leaf> found = losses(copy);
        assertThat(found.problems()).isEmpty();
        assertThat(found.usable()).hasSize(ours());
    }

    /// The same problem for ever is told once.
    @Test
    void aLoaderThatCantReadEndsTheSearch() {
        ClassLoader unreadable = new ClassLoader(ProvidersTest.class.getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                if (name.startsWith("META-INF/services")) {
                    throw new IOException("the disk is gone");
                }
                return Collections.emptyEnumeration();
            }
        };
        Providers<Loss.Leaf> found = losses(unreadable);
        assertThat(found.usable()).hasSize(ours());
        assertThat(found.problems()).singleElement().asString().contains("the disk is gone");
    }
}
