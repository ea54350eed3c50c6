package org.segloss.loss;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.kernel.Providers;

/// The losses that have a name: those of this library, and those of its users.
///
/// A loss has a name where [java.util.ServiceLoader] finds it: a record that implements [VoxelLoss], [OverlapLoss],
/// [RankedLoss] or [VolumeLoss], with a constructor without parameters that sets the defaults. On a class path the file
/// `META-INF/services/org.segloss.loss.Loss$Leaf` of its jar says its type, on a module path its module provides it; a
/// [Compound] likewise. Its annotations [About] and [Meaning] say what people should know.
public final class LossCatalog {

    /// A named loss.
    ///
    /// @param name       as in the text form
    /// @param kind       what it looks at
    /// @param about      what people should know of it
    /// @param parameters in the order in which they are printed
    /// @param standard   the loss with all defaults: a [Loss.Leaf] or a [Compound]
    public record Entry(String name, Kind kind, About about, List<Parameter> parameters, Record standard) {

        /// {@return the loss with all defaults}
        public Loss loss() {
            return loss(standard);
        }

        static Loss loss(Record standard) {
            return standard instanceof Compound compound ? compound.expand() : (Loss) standard;
        }
    }

    /// What a loss looks at, simple things first.
    public enum Kind {
        VOXEL("each voxel by itself"),
        OVERLAP("sums over the voxels of a class"),
        RANKED("the voxels in the order of their errors"),
        VOLUME("where the voxels lie"),
        COMPOUND("names of expressions");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        private static Kind of(Record loss) {
            return switch (loss) {
                case VoxelLoss _ -> VOXEL;
                case OverlapLoss _ -> OVERLAP;
                case RankedLoss _ -> RANKED;
                case VolumeLoss _ -> VOLUME;
                case Compound _ -> COMPOUND;
                default -> throw new IllegalArgumentException(loss.getClass() + " is no loss");
            };
        }
    }

    /// A parameter of a loss.
    ///
    /// @param name    as in the text form
    /// @param text    the default as text
    /// @param meaning what it does
    public record Parameter(String name, String text, String meaning) {}

    private static final Pattern NAME = Pattern.compile("[a-z][a-zA-Z0-9]*");

    /// What the text form has another meaning for.
    private static final Set<String> RESERVED = Set.of("log1p", "pow", "ramp");

    private static final Providers<Entry> LOADED = load(Providers.of(List.of(Loss.Leaf.class, Compound.class)));

    static {
        LOADED.warn("losses");
    }

    private LossCatalog() {}

    /// {@return all named losses}, ours first; without those that [can't be used][#problem]
    public static List<Entry> all() {
        return LOADED.usable();
    }

    /// {@return which losses were found, and why they can't be used}: a class that is broken or made for another
    /// version, a name that another loss has, a parameter that has no text
    public static Optional<String> problem() {
        return LOADED.problem("losses");
    }

    /// {@return the loss of that name}
    public static Optional<Entry> named(String name) {
        return all().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /// {@return what a message calls a loss}: its text, in which its type stands for a leaf that has no name
    public static String label(Loss loss) {
        return LossText.label(loss);
    }

    static Optional<Entry> of(Loss.Leaf leaf) {
        return all().stream()
                .filter(entry -> entry.standard().getClass() == leaf.getClass())
                .findFirst();
    }

    static Providers<Entry> load(Providers<Object> found) {
        return found.map(LossCatalog::found);
    }

    private static Entry found(Object found, List<Entry> before) {
        String type = found.getClass().getName();
        Check.that(found instanceof Record, "%s has to be a record", type);
        checkReadable(found.getClass());
        Entry entry = entry((Record) found);
        Check.that(
                NAME.matcher(entry.name()).matches() && !RESERVED.contains(entry.name()),
                "%s is named %s, but a name is of letters and digits, begins with a small letter, and is none of %s",
                type,
                entry.name(),
                RESERVED.stream().sorted().toList());
        before.stream()
                .filter(e -> e.name().equals(entry.name()))
                .forEach(e -> Check.that(
                        false,
                        "%s and %s are both named %s; give %s another name: @About(name = ...)",
                        type,
                        e.standard().getClass().getName(),
                        entry.name(),
                        type));
        List<Object> defaults = LossParameters.values(found);
        for (int i = 0; i < defaults.size(); i++) {
            Object value = defaults.get(i);
            boolean readable = value instanceof Double
                    || value instanceof Boolean
                    || value instanceof Enum
                    || value instanceof List
                    || value instanceof Smooth;
            Check.that(
                    readable && NAME.matcher(entry.parameters().get(i).name()).matches(),
                    "parameter %s of %s has to be a double, a boolean, an enum, a List<Double>, a list of those or a Smooth, with a name of letters and digits",
                    entry.parameters().get(i).name(),
                    type);
        }
        return entry;
    }

    /// Parameters are read by reflection, which a module has to allow.
    private static void checkReadable(Class<?> type) {
        Module ours = LossCatalog.class.getModule();
        Check.that(
                type.getModule().isExported(type.getPackageName(), ours),
                "%s can't be read by %s: write 'exports %s to %s;' into the module-info.java of %s",
                type.getName(),
                ours.getName(),
                type.getPackageName(),
                ours.getName(),
                type.getModule().getName());
    }

    private static Entry entry(Record standard) {
        Class<?> type = standard.getClass();
        About about = type.getAnnotation(About.class);
        Check.that(about != null, "%s lacks the annotation @About", type.getName());
        String simple = type.getSimpleName();
        String name = about.name().isEmpty()
                ? simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1)
                : about.name();
        List<RecordComponent> components = LossParameters.components(type);
        List<Object> defaults = LossParameters.values(standard);
        List<Parameter> parameters = IntStream.range(0, components.size())
                .mapToObj(i -> new Parameter(
                        components.get(i).getName(),
                        text(defaults.get(i)),
                        LossParameters.meaning(components.get(i)).orElse("")))
                .toList();
        return new Entry(name, Kind.of(standard), about, parameters, standard);
    }

    /// {@return a value of a parameter as the text form has it}
    public static String text(Object value) {
        return switch (value) {
            case Double number -> LossText.number(number);
            case Enum<?> choice -> choice.name().toLowerCase(Locale.ROOT);
            case Smooth(var num, var den) when num == den -> LossText.number(num);
            case Smooth(var num, var den) -> LossText.number(num) + "/" + LossText.number(den);
            case List<?> list
            when list.size() == 1 && list.getFirst() instanceof Double number -> LossText.number(number);
            case List<?> list -> list.stream().map(LossCatalog::text).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }
}
