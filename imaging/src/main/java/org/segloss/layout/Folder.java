package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.format.Formats;

/// What lies in a folder, sorted by name. Names with a dot in front are the system's own, such as .DS_Store
/// and ._case.nii.gz, and are left out.
///
/// @param images  files that are images by their names, and folders that are one image as a whole
/// @param folders that are no images themselves
/// @param others  files
record Folder(Path path, List<Path> images, List<Path> folders, List<Path> others) {

    static Folder list(Path path) throws IOException {
        var images = new ArrayList<Path>();
        var folders = new ArrayList<Path>();
        var others = new ArrayList<Path>();
        try (Stream<Path> list = Files.list(path)) {
            list.filter(file -> !name(file).startsWith(".")).sorted().forEach(file -> {
                if (Formats.IMAGES.include(file)) {
                    images.add(file);
                } else if (Files.isDirectory(file)) {
                    folders.add(file);
                } else {
                    others.add(file);
                }
            });
        }
        return new Folder(path, images, folders, others);
    }

    static String name(Path file) {
        return file.getFileName().toString();
    }

    static String stem(Path file) {
        return Formats.IMAGES.withoutEnding(file);
    }

    /// {@return the folder with a name in small or large letters}
    Optional<Path> folder(String name) {
        return folders.stream()
                .filter(folder -> name(folder).toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
