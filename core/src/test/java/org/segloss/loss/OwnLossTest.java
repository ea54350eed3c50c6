package org.segloss.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.kernel.UserCode.loss;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.kernel.Providers;
import org.segloss.kernel.UserCode;

/// Losses as users bring them.
class OwnLossTest {
    @TempDir
    private Path folder;

    private UserCode code;

    @BeforeEach
    void begin() throws IOException {
        code = new UserCode(folder);
    }

    private static Providers<LossCatalog.Entry> catalog(ClassLoader users) {
        return LossCatalog.load(Providers.of(List.of(Loss.Leaf.class, Compound.class), users));
    }

    private static List<String> names(Providers<LossCatalog.Entry> catalog) {
        return catalog.usable().stream().map(LossCatalog.Entry::name).toList();
    }

    private static List<String> ours() {
        return LossCatalog.all().stream().map(LossCatalog.Entry::name).toList();
    }

    @Test
    void oneThatCantBeUsedIsExplainedAndHidesNoOther() throws IOException {
        code.source("mine/Bare.java", loss("record Bare()").replaceFirst("@About.*", ""))
                .source("mine/Plain.java", loss("final class Plain"))
                .source("mine/Text.java", loss("record Text(String word)").replace("    public Scalar", """
                            public Text() {
                                this("");
                            }

                            public Scalar"""))
                .source("mine/Named.java", named("Named", "two words"))
                .source("mine/Pow.java", named("Pow", "pow"))
                .source("mine/Shy.java", loss("record Shy(double x)").replace("    public Scalar", """
                            public Shy() {
                                this(1);
                            }

                            public double x() {
                                throw new IllegalStateException("ask later");
                            }

                            public Scalar"""))
                .source("mine/Good.java", loss("record Good()"))
                .compile("-cp", UserCode.library())
                .services(
                        Loss.Leaf.class,
                        "mine.Bare",
                        "mine.Plain",
                        "mine.Text",
                        "mine.Named",
                        "mine.Pow",
                        "mine.Shy",
                        "mine.Good");
        Providers<LossCatalog.Entry> catalog = catalog(code.onClassPath());
        assertThat(names(catalog)).startsWith(ours().toArray(String[]::new)).endsWith("good");
        assertThat(catalog.problems())
                .satisfiesExactly(
                        cause -> assertThat(cause).isEqualTo("mine.Bare lacks the annotation @About"),
                        cause -> assertThat(cause).isEqualTo("mine.Plain has to be a record"),
                        cause -> assertThat(cause).contains("parameter word of mine.Text has to be a double"),
                        cause -> assertThat(cause).contains("mine.Named is named two words, but a name is of letters"),
                        cause -> assertThat(cause).contains("mine.Pow is named pow", "none of [log1p, pow, ramp]"),
                        cause -> assertThat(cause).contains("mine.Shy: ", "ask later"));
    }

    private static String named(String type, String name) {
        return loss("record %s()".formatted(type)).replace("@About(", "@About(name = \"%s\", ".formatted(name));
    }

    /// Whatever stands first on the class path, and though ours is a compound, which is loaded after the leaves.
    @Test
    void aNameOfOursStaysOurs() throws IOException {
        code.source("mine/MyDice.java", named("MyDice", "dice"))
                .source("mine/DiceCe.java", named("DiceCe", "diceCe"))
                .source("mine/One.java", named("One", "own"))
                .source("mine/Two.java", named("Two", "own"))
                .compile("-cp", UserCode.library())
                .services(Loss.Leaf.class, "mine.MyDice", "mine.DiceCe", "mine.One", "mine.Two");
        Providers<LossCatalog.Entry> catalog = catalog(code.onClassPath());
        assertThat(names(catalog))
                .containsExactlyElementsOf(
                        Stream.concat(ours().stream(), Stream.of("own")).toList());
        assertThat(catalog.problems())
                .containsExactly(
                        "mine.MyDice and org.segloss.loss.overlap.Dice are both named dice; give mine.MyDice another name: @About(name = ...)",
                        "mine.DiceCe and org.segloss.loss.compound.DiceCe are both named diceCe; give mine.DiceCe another name: @About(name = ...)",
                        "mine.Two and mine.One are both named own; give mine.Two another name: @About(name = ...)");
    }

    /// The example of the documentation, in a module.
    @Test
    void aModuleExportsItsPackageToUs() throws IOException {
        String documentation = Files.readString(Path.of("../docs/extending.md"));
        String module = found(documentation, "(?m)^( {4}module mine \\{\\R(?: {8}.*\\R)+ {4}})$");
        code.source(
                        "mine/VolumeError.java",
                        found(documentation, "`mine/VolumeError.java`:\\R\\R```java\\R((?s:.*?))```"))
                .source("module-info.java", module)
                .compile("-p", UserCode.library());
        Providers<LossCatalog.Entry> catalog = catalog(code.onModulePath("mine"));
        assertThat(catalog.problems()).isEmpty();
        assertThat(names(catalog)).endsWith("volumeError");
        assertThat(catalog.usable().getLast().parameters())
                .startsWith(new LossCatalog.Parameter("smooth", "1", "added to the denominator"));

        String export = "exports mine to org.segloss.core;";
        assertThat(module).contains(export);
        code.source("module-info.java", module.replace(export, "")).compile("-p", UserCode.library());
        assertThat(catalog(code.onModulePath("mine")).problems())
                .containsExactly(
                        "mine.VolumeError can't be read by org.segloss.core: write 'exports mine to org.segloss.core;' into the module-info.java of mine");
    }

    private static String found(String documentation, String pattern) {
        Matcher code = Pattern.compile(pattern).matcher(documentation);
        assertThat(code.find()).as(pattern).isTrue();
        return code.group(1);
    }

    /// What neither list names is found by nobody, and no other test would miss it.
    @Test
    void everyLossOfOursHasAName() throws IOException {
        Path classes = Path.of(UserCode.library());
        // one that isn't public is a part of others
        Predicate<Class<?>> isLoss = type -> Modifier.isPublic(type.getModifiers())
                && !type.isInterface()
                && (Loss.Leaf.class.isAssignableFrom(type) || Compound.class.isAssignableFrom(type));
        List<Class<?>> losses;
        try (Stream<Path> files = Files.walk(classes.resolve("org/segloss/loss"))) {
            losses = files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .<Class<?>>map(OwnLossTest::type)
                    .filter(isLoss)
                    .toList();
        }
        List<Class<?>> named = LossCatalog.all().stream()
                .<Class<?>>map(entry -> entry.standard().getClass())
                .toList();
        assertThat(losses).hasSizeGreaterThan(40).containsExactlyInAnyOrderElementsOf(named);
    }

    private static Class<?> type(String file) {
        try {
            return Class.forName(file.replaceFirst("\\.class$", "").replace('/', '.'));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
