package org.segloss.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.kernel.Providers;

/// A list of formats, and the one of a file.
///
/// A format is known where [java.util.ServiceLoader] finds it as [ImageFormat] or [ArrayFormat].
///
/// @param list in the order in which they are tried and named
public record Formats<F extends FileFormat>(List<F> list) {

    private static final Providers<FileFormat> FOUND = Providers.of(List.of(ImageFormat.class, ArrayFormat.class));

    static {
        FOUND.warn("formats");
    }

    /// Every format of images that is known.
    public static final Formats<ImageFormat> IMAGES = of(ImageFormat.class);

    /// Every format that segmentations are written in.
    public static final Formats<ImageFormat> LABELS = holdingLabels(IMAGES);

    /// Every format that an array of numbers may come in.
    public static final Formats<FileFormat> ARRAYS =
            new Formats<>(Stream.concat(of(ArrayFormat.class).list.stream(), IMAGES.list.stream())
                    .toList());

    public Formats {
        list = List.copyOf(list);
    }

    /// {@return the formats of a kind}, in their order as providers; those of other modules behind those of this one,
    /// wherever these stand on the class path: the first says the ending of files that the program names
    private static <F extends FileFormat> Formats<F> of(Class<F> kind) {
        return new Formats<>(FOUND.usable().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .sorted(Comparator.comparing(format -> !isOfThisModule(format)))
                .toList());
    }

    private static boolean isOfThisModule(FileFormat format) {
        return format.getClass().getPackageName().startsWith(Formats.class.getPackageName() + ".");
    }

    /// {@return those of formats that segmentations are written in}
    static Formats<ImageFormat> holdingLabels(Formats<ImageFormat> formats) {
        return new Formats<>(
                formats.list.stream().filter(ImageFormat::holdsLabels).toList());
    }

    /// As [#of(ImageSource)], of a file.
    public Optional<F> of(Path file) throws IOException {
        return of(ImageSource.of(file));
    }

    /// {@return the format that a content shows, where it shows none the one that its name asks for}
    public Optional<F> of(ImageSource source) throws IOException {
        if (source.isFolder()) {
            return ofFolder(source.file().orElseThrow());
        }
        byte[] head;
        try (InputStream in = source.open()) {
            head = in.readNBytes(FileFormat.HEAD);
        }
        return list.stream()
                .filter(format -> format.recognises(head))
                .findFirst()
                .or(() -> named(source.name()));
    }

    private Optional<F> ofFolder(Path folder) throws IOException {
        for (F format : list) {
            if (format.recognisesFolder(folder)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// {@return whether a path is a folder that is one image as a whole}; not where it can't be read
    public boolean isImageFolder(Path path) {
        try {
            return Files.isDirectory(path) && ofFolder(path).isPresent();
        } catch (IOException _) {
            return false;
        }
    }

    /// {@return the format that a file's name asks for, in small or large letters}
    public Optional<F> named(Path file) {
        return named(name(file));
    }

    private Optional<F> named(String name) {
        String ending = ending(name);
        return list.stream()
                .filter(format -> format.endings().contains(ending.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /// {@return whether a file has one of the formats by its name, or a folder is one image}; what is hidden is the
    /// system's own
    public boolean include(Path file) {
        return !name(file).startsWith(".")
                && (Files.isDirectory(file) ? isImageFolder(file) : named(file).isPresent());
    }

    /// {@return a file's name without the ending that says its format; the whole name if it has none}
    public String withoutEnding(Path file) {
        return withoutEnding(name(file));
    }

    /// As [#withoutEnding(Path)], of a name that need not be one of a file here.
    public String withoutEnding(String name) {
        return name.substring(0, name.length() - ending(name).length());
    }

    /// The longest of the endings that fit, as it stands in the name.
    private String ending(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        int length = allEndings()
                .filter(small::endsWith)
                .mapToInt(String::length)
                .max()
                .orElse(0);
        return name.substring(name.length() - length);
    }

    private Stream<String> allEndings() {
        return list.stream().flatMap(format -> format.endings().stream());
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName(), "a file has a name").toString();
    }

    /// {@return the ending of files that the program names where no other file says which format}
    public String ownEnding() {
        return list.getFirst().endings().getFirst();
    }

    /// {@return the formats' names for people, for example `NIfTI or PNG`}
    public String names() {
        return either(list.stream().map(FileFormat::name).toList());
    }

    /// {@return the endings for people, for example `.nii.gz, .nii or .png`}
    public String endings() {
        return either(allEndings().toList());
    }

    private static String either(List<String> texts) {
        return texts.size() == 1
                ? texts.getFirst()
                : "%s or %s".formatted(String.join(", ", texts.subList(0, texts.size() - 1)), texts.getLast());
    }
}
