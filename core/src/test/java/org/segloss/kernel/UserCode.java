package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;

/// What a user writes and compiles, in a folder of their own.
public final class UserCode {
    private final Path sources;
    private final Path classes;

    public UserCode(Path folder) throws IOException {
        sources = Files.createDirectories(folder.resolve("sources"));
        classes = Files.createDirectories(folder.resolve("classes"));
    }

    /// {@return a loss: its formula is the sum of the probabilities}
    public static String loss(String header) {
        return """
                package mine;

                import org.segloss.loss.*;

                @About(summary = "A loss of a user.", formula = "sum(p)")
                public %s implements OverlapLoss {
                    public Scalar at(Sums s) {
                        return s.p();
                    }
                }
                """.formatted(header);
    }

    /// {@return a metric of that name}
    public static String metric(String type, String name) {
        return """
                package mine;

                import org.segloss.metric.*;

                public record %s() implements Metric {
                    public String name() {
                        return "%s";
                    }

                    public String definition() {
                        return "a metric of a user";
                    }

                    public Better better() {
                        return Better.LOWER;
                    }

                    public double value(MaskComparison masks) {
                        return 1;
                    }
                }
                """.formatted(type, name);
    }

    public UserCode source(String file, String text) throws IOException {
        Path source = sources.resolve(file);
        Files.createDirectories(source.getParent());
        Files.writeString(source, text);
        return this;
    }

    /// Names providers in the file that is read on a class path.
    public UserCode services(Class<?> service, String... lines) throws IOException {
        Path file = classes.resolve("META-INF/services").resolve(service.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
        return this;
    }

    public UserCode compile(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none"));
        arguments.addAll(Arrays.asList(options));
        try (var files = Files.walk(sources)) {
            files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertThat(status).as("%s", said).isZero();
        return this;
    }

    public Path classFile(String type) {
        return classes.resolve(type.replace('.', '/') + ".class");
    }

    /// {@return a loader that finds it on a class path}
    public ClassLoader onClassPath() throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, UserCode.class.getClassLoader());
    }

    /// {@return the loader of its module}
    public ClassLoader onModulePath(String module) {
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of(module));
        return boot.defineModulesWithOneLoader(configuration, UserCode.class.getClassLoader())
                .findLoader(module);
    }

    /// {@return where this library's classes are, for a compiler}: not what a test adds to them
    public static String library() {
        URI module = UserCode.class
                .getModule()
                .getLayer()
                .configuration()
                .findModule(UserCode.class.getModule().getName())
                .orElseThrow()
                .reference()
                .location()
                .orElseThrow();
        return Path.of(module).toString();
    }
}
