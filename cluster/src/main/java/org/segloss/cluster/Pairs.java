package org.segloss.cluster;

import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.segloss.format.ImageSource;

/// What a column of a table names an image by.
final class Pairs {
    private Pairs() {}

    /// {@return the image that a row of a table of pairs predicts}
    static ImageSource prediction(Row row, String folder) {
        return image(row.get(row.fieldIndex("prediction")), Path.of(folder), "the prediction of " + id(row));
    }

    /// {@return the image that it is compared with}
    static ImageSource reference(Row row, String folder) {
        return image(row.get(row.fieldIndex("reference")), Path.of(folder), "the reference of " + id(row));
    }

    private static String id(Row row) {
        return row.getString(row.fieldIndex("case"));
    }

    /// {@return an image by its path, relative to a folder, or by its bytes}
    ///
    /// @param name of bytes, in messages
    static ImageSource image(Object cell, Path folder, String name) {
        return switch (cell) {
            case String path -> ImageSource.of(folder.resolve(path));
            case byte[] bytes -> ImageSource.of(name, bytes);
            case null -> throw new IllegalArgumentException("%s: there is neither a path nor bytes".formatted(name));
            default ->
                throw new IllegalArgumentException("%s: a path or bytes were expected, but a %s was given"
                        .formatted(name, cell.getClass().getSimpleName()));
        };
    }
}
