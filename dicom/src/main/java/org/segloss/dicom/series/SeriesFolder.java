package org.segloss.dicom.series;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.format.Finding;

/// The DICOM files that lie in a folder. Folders in it aren't looked into, nor is any file that a `DICOMDIR`
/// names.
///
/// @param images     by the series that they are of, the file's order within
/// @param labels     segmentations and outlines, and what they say of their images
/// @param unreadable files that begin as DICOM files do, and the reason of each
public record SeriesFolder(
        Map<String, List<ImageHeader>> images, Map<Path, References> labels, Map<Path, String> unreadable) {
    /// A folder whose first files are none of DICOM is no series.
    private static final int LOOKED_AT = 32;

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(Files::isRegularFile)
                    .filter(Files::isReadable)
                    .sorted()
                    .toList();
        }
    }

    /// {@return whether a folder is one image, or one file of labels}: it holds two slices of one series, or
    /// one object alone. Where each file is an image of its own it is a folder of images.
    public static boolean isOne(Path folder) throws IOException {
        Set<String> series = new HashSet<>();
        int images = 0;
        int labels = 0;
        int others = 0;
        for (Path file : files(folder)) {
            if (!DicomFile.isOne(file)) {
                others++;
                if (images + labels == 0 && others >= LOOKED_AT) {
                    return false;
                }
                continue;
            }
            try (DicomFile opened = DicomFile.open(file)) {
                switch (ImageHeader.kind(opened)) {
                    case IMAGE -> {
                        images++;
                        ImageHeader header = ImageHeader.of(opened, Optional.of(file));
                        if (header.frames().size() == 1
                                && !series.add(header.series().uid())) {
                            return true;
                        }
                    }
                    case SEGMENTATION, STRUCTURES -> labels++;
                    default -> {
                        // says nothing of this
                    }
                }
            } catch (IOException _) {
                // is named where the folder is read
                images++;
            }
        }
        return images == 1 || images == 0 && labels == 1;
    }

    public static SeriesFolder of(Path folder) throws IOException {
        var images = new LinkedHashMap<String, List<ImageHeader>>();
        var labels = new LinkedHashMap<Path, References>();
        var unreadable = new LinkedHashMap<Path, String>();
        for (Path file : files(folder)) {
            if (!DicomFile.isOne(file)) {
                continue;
            }
            try (DicomFile opened = DicomFile.open(file)) {
                switch (ImageHeader.kind(opened)) {
                    case IMAGE -> {
                        ImageHeader header = ImageHeader.of(opened, Optional.of(file));
                        images.computeIfAbsent(header.series().uid(), _ -> new ArrayList<>())
                                .add(header);
                    }
                    case SEGMENTATION, STRUCTURES -> labels.put(file, References.of(opened.header()));
                    default -> {
                        // nothing that has voxels
                    }
                }
            } catch (IOException e) {
                unreadable.put(file, String.valueOf(e.getMessage()));
            }
        }
        return new SeriesFolder(images, labels, unreadable);
    }

    /// {@return the files of a folder that its image is made of}
    public List<Path> files() {
        return Stream.concat(
                        images.values().stream().flatMap(List::stream).flatMap(header -> header.file().stream()),
                        labels.keySet().stream())
                .sorted()
                .toList();
    }

    /// {@return the slices of the one series, or of that with most of them}
    ///
    /// @param findings gets what is wrong with the folder: several series, files that are damaged, or there
    ///                 twice
    public Optional<List<Slice>> slices(List<Finding> findings) {
        if (!unreadable.isEmpty()) {
            Map.Entry<Path, String> first = unreadable.entrySet().iterator().next();
            findings.add(error(
                    "%d of its files can't be read; the first is %s: %s"
                            .formatted(unreadable.size(), first.getKey().getFileName(), first.getValue()),
                    "Get them again."));
            return Optional.empty();
        }
        if (images.isEmpty()) {
            findings.add(error("it has no images", "Give the folder of a series."));
            return Optional.empty();
        }
        List<List<Slice>> all = images.values().stream()
                .map(headers -> slices(headers, findings))
                .sorted(Comparator.comparingInt((List<Slice> slices) -> slices.size())
                        .reversed())
                .toList();
        return all.size() == 1 ? Optional.of(all.getFirst()) : chosen(all, findings);
    }

    /// Of several series the one that the labels beside them were made on, or else the one with most slices.
    private Optional<List<Slice>> chosen(List<List<Slice>> all, List<Finding> findings) {
        String named = "it has %d series: %s"
                .formatted(all.size(), all.stream().map(SeriesFolder::text).collect(Collectors.joining("; ")));
        List<List<Slice>> labelled = all.stream()
                .filter(slices -> labels.values().stream()
                        .anyMatch(label -> label.series()
                                .contains(slices.getFirst().header().series().uid())))
                .toList();
        if (labelled.size() == 1) {
            findings.add(warning(
                    named,
                    "The one is taken that its segmentation was made on, %s; to choose another one, give it a folder of its own."
                            .formatted(text(labelled.getFirst()))));
            return Optional.of(labelled.getFirst());
        }
        List<Slice> most = all.getFirst();
        if (all.get(1).size() == most.size()) {
            findings.add(error(named, "Which is meant can't be told: to choose one, give it a folder of its own."));
            return Optional.empty();
        }
        findings.add(warning(
                named, "The one with most slices is taken; to choose another one, give it a folder of its own."));
        return Optional.of(most);
    }

    /// {@return the slices of the series of a UID}; nothing where it isn't there
    public Optional<List<Slice>> slices(String series, List<Finding> findings) {
        return Optional.ofNullable(images.get(series)).map(headers -> slices(headers, findings));
    }

    private static List<Slice> slices(List<ImageHeader> headers, List<Finding> findings) {
        Set<String> instances = new HashSet<>();
        var slices = new ArrayList<Slice>();
        int twice = 0;
        for (ImageHeader header : headers) {
            if (!header.sopInstance().isEmpty() && !instances.add(header.sopInstance())) {
                twice++;
                continue;
            }
            header.frames().forEach(frame -> slices.add(new Slice(header, frame)));
        }
        if (twice > 0) {
            findings.add(warning(
                    "%d of its files %s there a second time".formatted(twice, twice == 1 ? "is" : "are"),
                    "Each instance is read once."));
        }
        return slices;
    }

    /// A series as a person finds it again, without its description, which may name the patient. In a damaged
    /// header any text may stand where a code should.
    private static String text(List<Slice> slices) {
        ImageHeader header = slices.getFirst().header();
        return "%s series %s with %d slice%s of %d x %d (%s)"
                .formatted(
                        header.series().modality().matches("[A-Z]{2,8}")
                                ? header.series().modality()
                                : "?",
                        header.series().number().matches("\\d{1,9}")
                                ? header.series().number()
                                : "?",
                        slices.size(),
                        slices.size() == 1 ? "" : "s",
                        header.pixels().columns(),
                        header.pixels().rows(),
                        header.file()
                                .map(file -> "such as " + file.getFileName())
                                .orElse("no file"));
    }
}
