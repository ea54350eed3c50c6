package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Cases with images and reference segmentations, as found in a folder. Holds paths, no voxels.
///
/// @param name       for people
/// @param dimensions 2 or 3
/// @param channels   of every image
/// @param labels     name of each label value; the first is the background
/// @param cases      sorted by id
public record Dataset(String name, int dimensions, int channels, List<String> labels, List<Entry> cases) {

    /// One case's files.
    public record Entry(String id, Path image, Path label) {}

    /// Opens an MSD folder (`dataset.json`, `imagesTr`, `labelsTr`) or a folder with `images` and `masks`.
    public static Dataset open(Path folder) throws IOException {
        throw new UnsupportedOperationException();
    }

    public Entry entry(String id) {
        throw new UnsupportedOperationException();
    }
}
