package org.segloss.layout;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files of one case.
///
/// @param images in the order of the channels, one file or one for each; none where the segmentation has no
///               image
/// @param labels one file that holds the labels, or one for each class; none where the image has no
///               segmentation
public record FoundCase(String id, List<Path> images, List<LabelFile> labels, Optional<Side> side) {
    public FoundCase {
        images = List.copyOf(images);
        labels = List.copyOf(labels);
    }

    /// {@return whether there is an image and a segmentation}
    public boolean isComplete() {
        return !images.isEmpty() && !labels.isEmpty();
    }
}
