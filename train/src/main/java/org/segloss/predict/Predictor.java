package org.segloss.predict;

import java.io.IOException;
import java.nio.file.Path;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// A trained network at work on whole images.
public final class Predictor implements AutoCloseable {

    /// Loads a network from a checkpoint, which says all about itself.
    public static Predictor open(Path checkpoint, String device) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// {@return the labels on the image's own grid}
    public Labels predict(Volume image) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
