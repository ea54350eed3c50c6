package org.segloss.layout;

import java.nio.file.Path;
import java.util.Optional;

/// A file of a case's segmentation.
///
/// @param structure the one class whose voxels the file marks, or the rater who marked them; nothing where its
///                  numbers are the labels
/// @param rater     whether it is a rater's: all of them mark the same
public record LabelFile(Path file, Optional<String> structure, boolean rater) {

    /// A file of one class.
    public LabelFile(Path file, Optional<String> structure) {
        this(file, structure, false);
    }

    /// A file whose numbers are the labels.
    public LabelFile(Path file) {
        this(file, Optional.empty());
    }
}
