package org.segloss.format;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.segloss.file.Printable;

/// What can be wrong with the file beside a header that the header's voxels lie in.
public final class VoxelFile {
    private VoxelFile() {}

    /// {@return whether a header may have such a name for the file of its voxels}: it leads to no other folder, since
    /// whoever made the header may not choose what else on this computer is read
    public static boolean isPlain(String name) {
        try {
            Path.of(name);
        } catch (InvalidPathException _) {
            // the system has no file of such a name
            return false;
        }
        return name.matches("[^/\\\\:\\p{Cc}]+") && !name.equals(".") && !name.equals("..");
    }

    /// {@return an error where there is no such file}, a warning where it is somewhere else
    ///
    /// Links are followed, as those of any other file: not the header decides where they lead, but who made the
    /// folder. That may be an archive from elsewhere, and so a header which is there itself while its voxels are
    /// somewhere else is worth a look.
    public static List<Finding> findings(Path header, Path voxels) throws IOException {
        String name = Printable.quote(String.valueOf(voxels.getFileName()));
        if (!Files.isRegularFile(voxels) || !Files.isReadable(voxels)) {
            return List.of(error(
                    "its voxels should be in the file %s, which is not there or may not be read".formatted(name),
                    Files.isSymbolicLink(header)
                            ? "The header is a link: there has to be one to its voxels, too, beside it."
                            : "Put it beside the header, under that name."));
        }
        if (!Files.isSymbolicLink(voxels) || Files.isSymbolicLink(header)) {
            return List.of();
        }
        Path folder = header.toAbsolutePath().getParent().toRealPath();
        Path real = voxels.toRealPath();
        return real.startsWith(folder)
                ? List.of()
                : List.of(warning(
                        "the file of its voxels, %s, is a link to %s, outside of the header's folder"
                                .formatted(name, real),
                        "They are read from there: check that this is meant."));
    }
}
