package org.segloss.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.AnnotationFormatError;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// What [ServiceLoader] finds: the providers that can be used, and why the others can't. One that is broken, or was
/// made for another version of what it needs, hides none of the others.
///
/// @param usable   ours first, wherever they stand on the class path
/// @param problems a line for each that can't be used
public record Providers<T>(List<T> usable, List<String> problems) {

    public Providers {
        usable = List.copyOf(usable);
        problems = List.copyOf(problems);
    }

    /// {@return the providers of some services}
    ///
    /// Ours are found beside this class, even where the thread that asks first has a class loader that doesn't know
    /// them; its users' with the loader of that thread.
    ///
    /// @param <T> what the services have in common
    public static <T> Providers<T> of(List<Class<? extends T>> services) {
        return of(services, Thread.currentThread().getContextClassLoader());
    }

    /// {@return the providers of some services}, ours and those that a class loader finds
    public static <T> Providers<T> of(List<Class<? extends T>> services, ClassLoader users) {
        List<T> usable = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Class<? extends T> service : services) {
            Set<Class<?>> seen = new HashSet<>();
            Stream.of(service.getClassLoader(), users)
                    .filter(loader -> isKnownTo(loader, service))
                    .flatMap(loader -> found(loader, service, problems).stream())
                    .filter(provider -> seen.add(provider.getClass()))
                    .forEach(usable::add);
        }
        usable.sort(Comparator.comparing(provider -> !isOurs(provider)));
        // one that both loaders find is broken once
        return new Providers<>(usable, problems.stream().distinct().toList());
    }

    /// {@return whether a loader means the same class by the service's name}: what it finds of another copy of this
    /// library can't be used in this one, and is none of its business
    private static boolean isKnownTo(ClassLoader loader, Class<?> service) {
        try {
            return Class.forName(service.getName(), false, loader) == service;
        } catch (ClassNotFoundException | LinkageError _) {
            return false;
        }
    }

    private static boolean isOurs(Object provider) {
        return provider.getClass().getName().startsWith("org.segloss.");
    }

    private static <T> List<T> found(ClassLoader loader, Class<T> service, List<String> problems) {
        List<T> found = new ArrayList<>();
        // a module that stands on this one has services that this one can't name
        Providers.class.getModule().addUses(service);
        Iterator<T> iterator = ServiceLoader.load(service, loader).iterator();
        boolean isAnyUnlinked = false;
        Optional<String> last = Optional.empty();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                found.add(iterator.next());
            } catch (LinkageError _) {
                // it doesn't say of which class, and goes on behind it
                isAnyUnlinked = true;
            } catch (ServiceConfigurationError e) {
                // a loader that can't read says the same for ever
                Optional<String> problem = Optional.of(reason(e));
                if (problem.equals(last)) {
                    break;
                }
                problems.add(problem.get());
                last = problem;
            }
        }
        if (isAnyUnlinked) {
            names(loader, service).forEach(name -> linkProblem(loader, name).ifPresent(problems::add));
        }
        return found;
    }

    /// {@return the names in the files that [ServiceLoader] reads on a class path}
    private static List<String> names(ClassLoader loader, Class<?> service) {
        List<String> names = new ArrayList<>();
        try {
            for (URL file : Collections.list(loader.getResources("META-INF/services/" + service.getName()))) {
                try (InputStream in = file.openStream()) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(names::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static Optional<String> linkProblem(ClassLoader loader, String name) {
        try {
            Class.forName(name, false, loader);
            return Optional.empty();
        } catch (ClassNotFoundException _) {
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of(name + ": " + reason(e));
        }
    }

    /// {@return what is made of each}, in their order; what can't be made is a problem
    ///
    /// @param make of a provider, and of what was made of those before it; refuses with any exception
    public <E> Providers<E> map(BiFunction<T, List<E>, E> make) {
        List<E> made = new ArrayList<>();
        List<String> all = new ArrayList<>(problems);
        for (T provider : usable) {
            try {
                made.add(make.apply(provider, made));
            } catch (IllegalArgumentException e) {
                all.add(reason(e));
            } catch (LinkageError | AnnotationFormatError | RuntimeException e) {
                all.add(provider.getClass().getName() + ": " + reason(e));
            }
        }
        return new Providers<>(made, all);
    }

    /// {@return the problems as one text}, or nothing where there is none
    ///
    /// @param what the providers are, in the plural
    public Optional<String> problem(String what) {
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of("%s that were found, but can't be used: %s".formatted(what, String.join("; ", problems)));
    }

    /// Says the problems once more where they were found: a list of what there is doesn't show what is missing.
    public void warn(String what) {
        problem(what)
                .ifPresent(text -> System.getLogger(Providers.class.getName()).log(System.Logger.Level.WARNING, text));
    }

    /// In a line: a verifier's message has many.
    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        boolean isSentence = e instanceof IllegalArgumentException || e instanceof ServiceConfigurationError;
        String text = root == e && isSentence
                ? "" + e.getMessage()
                : isSentence ? e.getMessage() + ": " + root : root.toString();
        return text.lines().findFirst().orElse(text);
    }
}
