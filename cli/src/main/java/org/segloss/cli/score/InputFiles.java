package org.segloss.cli.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segloss.format.Images;

/// The images and arrays that a command reads, which what it writes must not replace.
///
/// @param inputs by each file that they are made of, links resolved: the voxels of some formats lie beside the file
///               that is named
public record InputFiles(Map<Path, Path> inputs) {

    public static InputFiles of(List<Path> inputs) throws IOException {
        var files = new LinkedHashMap<Path, Path>();
        for (Path input : inputs) {
            for (Path file : Images.files(input)) {
                if (Files.exists(file)) {
                    files.put(file.toRealPath(), input);
                }
            }
        }
        return new InputFiles(files);
    }

    /// @param what    is to be written, for people
    /// @param option  that says where to
    /// @param written all files that are to be written
    /// @throws IOException if one of them is one of these
    public void check(String what, String option, List<Path> written) throws IOException {
        for (Path file : written) {
            Path input = Files.exists(file) ? inputs.get(file.toRealPath()) : null;
            if (input != null) {
                String replaced = file.toRealPath().equals(input.toRealPath())
                        ? "the input " + input
                        : "%s, the voxels of the input %s".formatted(file, input);
                throw new IOException("%s would replace %s; give another %s".formatted(what, replaced, option));
            }
        }
    }
}
