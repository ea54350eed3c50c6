package org.segloss.layout;

import java.nio.file.Path;
import java.util.Optional;

/// A file of a case's segmentation.
///
/// @param structure the one class whose voxels the file marks; nothing where its numbers are the labels
public record LabelFile(Path file, Optional<String> structure) {

    /// A file whose numbers are the labels.
    public LabelFile(Path file) {
        this(file, Optional.empty());
    }
}
