package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.segloss.format.Formats;

/// The images of a folder for whoever asks for no segmentations: each a file, or as many files as there are channels.
public final class ImageGroups {
    private final int channels;

    private ImageGroups(int channels) {
        this.channels = channels;
    }

    /// {@return the images, without segmentations}: files that end with the numbers of their channels, as
    /// nnU-Net's do, are one image, named without them; a folder of as many files as there are channels is
    /// one as well, named by the folder. A folder that is named as an image is stands for one that can't be read
    ///
    /// @param channels that an image has
    public static List<FoundCase> of(Path root, int channels) throws IOException {
        Folder all = Folder.list(root);
        var cases = new ArrayList<>(
                new ImageGroups(channels).in(new Folder(root, images(all), all.folders(), all.others())));
        // whoever reads it says what is wrong
        all.folders().stream()
                .filter(path -> Formats.IMAGES.named(path).isPresent())
                .filter(path -> cases.stream().noneMatch(one -> one.id().equals(Folder.name(path))))
                .forEach(path -> cases.add(image(Folder.stem(path), List.of(path))));
        return cases;
    }

    /// {@return the image that a file is one channel of}; of an image that is one file, it alone
    ///
    /// @param channels that an image has
    public static FoundCase with(Path file, int channels) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (channels > 1) {
            Matcher name = Words.CHANNEL.matcher(Folder.stem(file));
            Folder beside = Folder.list(folder);
            Optional<SortedMap<String, List<Path>>> numbered = new ImageGroups(channels)
                    .numbered(beside.images().stream()
                            .filter(other ->
                                    name.matches() && Folder.stem(other).matches("\\Q" + name.group(1) + "\\E_\\d{4}"))
                            .toList());
            if (numbered.isPresent() && !numbered.get().isEmpty()) {
                return image(
                        numbered.get().firstKey(), numbered.get().firstEntry().getValue());
            }
        }
        return image(Folder.stem(file), List.of(file));
    }

    /// {@return the images of a folder but those that are segmentations of others by their names}
    private static List<Path> images(Folder folder) {
        Set<String> names = folder.images().stream().map(Folder::stem).collect(Collectors.toSet());
        return folder.images().stream()
                .filter(file -> {
                    String stem = Folder.stem(file);
                    String bare = Words.withoutLabelWord(stem);
                    return bare.equals(stem)
                            || names.stream()
                                    .noneMatch(name -> name.equals(bare)
                                            || !name.equals(stem)
                                                    && !Parts.withoutId(bare, name)
                                                            .equals(name));
                })
                .toList();
    }

    private List<FoundCase> in(Folder folder) throws IOException {
        if (folder.images().isEmpty()) {
            return ofFolders(folder);
        }
        String name = Folder.name(folder.path().toAbsolutePath().normalize());
        List<Path> own = named(name, folder);
        if (channels > 1 && own.size() == channels && own.stream().noneMatch(file -> isBare(name, file))) {
            return List.of(image(name, own));
        }
        return numbered(folder.images())
                .map(groups -> groups.entrySet().stream()
                        .map(group -> image(group.getKey(), group.getValue()))
                        .toList())
                .orElseGet(() -> folder.images().stream()
                        .map(file -> image(Folder.stem(file), List.of(file)))
                        .toList());
    }

    /// {@return whether a file's name says nothing besides the folder's, or something else}
    private static boolean isBare(String name, Path file) {
        return Parts.withoutId(name, Folder.stem(file)).equals(Folder.stem(file));
    }

    private List<FoundCase> ofFolders(Folder root) throws IOException {
        var cases = new ArrayList<FoundCase>();
        for (Path path : root.folders()) {
            Folder folder = Folder.list(path);
            List<Path> own = named(Folder.name(path), folder);
            if (own.size() == channels || own.size() == 1) {
                cases.add(image(Folder.name(path), own));
            } else if (!own.isEmpty()) {
                throw new IOException("%s: it has %s, but the network was trained with %s a case: %s"
                        .formatted(
                                path,
                                Layouts.count(own.size(), "image"),
                                Layouts.count(channels, "channel"),
                                Layouts.examples(own.stream().map(Folder::name).toList())));
            }
        }
        return cases;
    }

    /// {@return a case's images in the order of their channels' names}
    private static List<Path> named(String id, Folder folder) {
        return folder.images().stream()
                .filter(file -> !Words.saysLabel(Parts.withoutId(id, Folder.stem(file))))
                .sorted(Comparator.comparing(file -> Parts.withoutId(id, Folder.stem(file))))
                .toList();
    }

    /// {@return files by what their names say in front of the number of a channel}; nothing unless each name ends with
    /// one, and each image has all of them, from 0 on
    private Optional<SortedMap<String, List<Path>>> numbered(List<Path> files) {
        var groups = new TreeMap<String, TreeMap<Integer, Path>>();
        for (Path file : files) {
            Matcher name = Words.CHANNEL.matcher(Formats.IMAGES.withoutEnding(file));
            if (!name.matches()) {
                return Optional.empty();
            }
            groups.computeIfAbsent(name.group(1), _ -> new TreeMap<>()).put(Integer.parseInt(name.group(2)), file);
        }
        var found = new TreeMap<String, List<Path>>();
        for (var group : groups.entrySet()) {
            if (group.getValue().size() != channels || group.getValue().lastKey() != channels - 1) {
                return Optional.empty();
            }
            found.put(group.getKey(), List.copyOf(group.getValue().values()));
        }
        return Optional.of(found);
    }

    private static FoundCase image(String id, List<Path> files) {
        return new FoundCase(id, files, List.of(), Optional.empty());
    }
}
