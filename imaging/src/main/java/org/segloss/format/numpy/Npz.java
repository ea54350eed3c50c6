package org.segloss.format.numpy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.segloss.file.AtomicFile;
import org.segloss.file.Printable;
import org.segloss.format.ArrayFormat;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Gunzip;
import org.segloss.format.ReadResult;
import org.segloss.image.NumericArray;

/// NumPy's archives of arrays, `.npz`: one array of any name, or, as nnU-Net writes them, an image in `data` and its
/// labels in `seg`.
///
/// @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.savez.html">numpy.savez</a>
public final class Npz implements ArrayFormat {
    private static final String ENDING = ".npy";

    /// Made by [java.util.ServiceLoader].
    public Npz() {}

    @Override
    public String name() {
        return "npz";
    }

    @Override
    public List<String> endings() {
        return List.of(".npz");
    }

    @Override
    public boolean recognises(byte[] head) {
        return head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    @Override
    public NumericArray readArray(Path file) throws IOException {
        return read(file, "data");
    }

    @Override
    public NumericArray readLabels(Path file) throws IOException {
        return read(file, "seg");
    }

    private static NumericArray read(Path file, String name) throws IOException {
        List<Finding> findings = FileChecks.readable(file);
        if (!findings.isEmpty()) {
            throw ReadResult.failure(file.toString(), findings);
        }
        try (var zip = new ZipFile(file.toFile())) {
            ZipEntry entry = entry(zip, name);
            // what an archive says of sizes was written by anybody
            long packed = Math.min(entry.getCompressedSize(), Files.size(file));
            try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
                return Npy.read(in, Math.min(entry.getSize(), Gunzip.MOST * packed));
            }
        } catch (IOException e) {
            throw new IOException("%s: %s".formatted(file, FileChecks.damaged(e).found()), e);
        }
    }

    private static ZipEntry entry(ZipFile zip, String name) throws IOException {
        List<ZipEntry> arrays = zip.stream()
                .filter(entry -> entry.getName().endsWith(ENDING))
                .map(ZipEntry.class::cast)
                .toList();
        if (arrays.size() == 1) {
            return arrays.getFirst();
        }
        return arrays.stream()
                .filter(entry -> entry.getName().equals(name + ENDING))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "it has %d arrays%s and none that is called %s. Write the array alone into a file"
                                .formatted(arrays.size(), names(arrays), name)));
    }

    private static String names(List<ZipEntry> arrays) {
        if (arrays.isEmpty()) {
            return "";
        }
        return arrays.stream()
                .limit(5)
                .map(entry -> entry.getName().substring(0, entry.getName().length() - ENDING.length()))
                .map(Printable::quote)
                .collect(Collectors.joining(", ", " (", arrays.size() > 5 ? ", ...)" : ")"));
    }

    /// Writes one array as `numpy.savez_compressed` does, under the name that NumPy gives it.
    @Override
    public void writeArray(Path file, NumericArray array) throws IOException {
        AtomicFile.write(file, out -> {
            var zip = new ZipOutputStream(out);
            var entry = new ZipEntry("arr_0" + ENDING);
            // the first time that an archive can have: same numbers, same bytes
            entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            Npy.write(zip, array);
            zip.finish();
        });
    }
}
