package org.segloss.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.segloss.file.ObjectUrl;

/// What a user names: a file or folder of this machine, or one in an object store.
///
/// @param path of this machine, or
/// @param url  in a store
record Location(Optional<Path> path, Optional<ObjectUrl> url) {
    @Override
    public String toString() {
        return url.map(ObjectUrl::toString).orElseGet(() -> path.orElseThrow().toString());
    }
}
