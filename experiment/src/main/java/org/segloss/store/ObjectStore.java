package org.segloss.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.segloss.file.ObjectUrl;

/// A store of objects, such as S3: files that are read and written as a whole. What knows one is on the class path of
/// who asks for it alone, and is found by [ServiceLoader].
///
/// All methods may be called by several threads at once. Their exceptions name the URL, what is wrong and what to do;
/// a store that doesn't answer is given up after less than a minute.
public interface ObjectStore {

    /// A file that a store holds.
    ///
    /// @param name    in the folder that was asked for, with slashes
    /// @param version another one when the file has been written again; without spaces
    record Item(String name, long size, String version) {}

    /// {@return this store, by settings of its own} Credentials are none of them.
    ObjectStore with(Map<String, String> settings);

    /// {@return all files in a folder and below it}; none if there is no such folder
    ///
    /// @throws IOException if there is no such bucket, it may not be read, or the store doesn't answer
    List<Item> list(ObjectUrl folder) throws IOException;

    /// Writes a file's bytes to a stream.
    void read(ObjectUrl file, OutputStream to) throws IOException;

    /// Writes a file, which replaces an old one once it is whole.
    ///
    /// @return its version
    String write(ObjectUrl file, InputStream from) throws IOException;

    /// Deletes a file, if it is there.
    void delete(ObjectUrl file) throws IOException;

    /// {@return what knows stores}
    /// @throws IllegalStateException if nothing does
    static ObjectStore known() {
        return ServiceLoader.load(ObjectStore.class)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "nothing here knows object stores: start with the script segloss, which brings that where a URL such as s3a://bucket/data is given, or put segloss-storage and Hadoop on the class path"));
    }
}
