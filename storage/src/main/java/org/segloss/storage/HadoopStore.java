package org.segloss.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.segloss.file.ObjectUrl;
import org.segloss.store.ObjectStore;

/// Stores that Hadoop knows, of which the tests see S3.
///
/// Settings are Hadoop's (`fs.s3a.endpoint`), of `core-site.xml` on the class path or in `HADOOP_CONF_DIR`. Another
/// server of S3 may also be named as AWS' programs have it, by `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`.
public final class HadoopStore implements ObjectStore {
    private static final List<String> ENDPOINT = List.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
    private static final String PATH_STYLE = "fs.s3a.path.style.access";

    static {
        // what speaks HTTP says on the console what an exception says once more
        System.setProperty("org.apache.commons.logging.Log", "org.apache.commons.logging.impl.NoOpLog");
    }

    private final Map<String, String> settings;
    private final Map<String, FileSystem> open = new HashMap<>();

    /// Made by [java.util.ServiceLoader].
    public HadoopStore() {
        this(Map.of());
    }

    private HadoopStore(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    @Override
    public ObjectStore with(Map<String, String> more) {
        return new HadoopStore(more);
    }

    private Configuration configuration() {
        var configuration = new Configuration(false);
        for (String resource : List.of("core-default.xml", "segloss-storage.xml", "core-site.xml")) {
            configuration.addResource(resource);
        }
        Optional.ofNullable(System.getenv("HADOOP_CONF_DIR"))
                .map(folder -> java.nio.file.Path.of(folder, "core-site.xml"))
                .filter(Files::isRegularFile)
                .ifPresent(file -> configuration.addResource(new Path(file.toUri())));
        settings.forEach(configuration::set);
        boolean elsewhere = ENDPOINT.stream().map(System::getenv).anyMatch(url -> url != null && !url.isEmpty());
        if (elsewhere && configuration.getPropertySources(PATH_STYLE)[0].equals("core-default.xml")) {
            // servers other than Amazon's have seldom a host name for each bucket
            configuration.setBoolean(PATH_STYLE, true);
        }
        // what is left is copied while the program ends
        configuration.setBoolean("fs.automatic.close", false);
        return configuration;
    }

    private synchronized FileSystem system(ObjectUrl url) throws IOException {
        String root = "%s://%s".formatted(url.scheme(), url.bucket());
        FileSystem system = open.get(root);
        if (system == null) {
            system = FileSystem.newInstance(java.net.URI.create(root + "/"), configuration());
            open.put(root, system);
        }
        return system;
    }

    private static Path path(ObjectUrl url) {
        return new Path(url.scheme(), url.bucket(), "/" + url.key());
    }

    private interface Work<T> {
        T on(FileSystem system, Path path) throws IOException;
    }

    private <T> T on(ObjectUrl url, Work<T> work) throws IOException {
        try {
            return work.on(system(url), path(url));
        } catch (IOException | RuntimeException e) {
            throw StoreProblem.of(url, e);
        }
    }

    @Override
    public List<Item> list(ObjectUrl folder) throws IOException {
        return on(folder, (system, path) -> {
            var items = new ArrayList<Item>();
            try {
                RemoteIterator<LocatedFileStatus> files = system.listFiles(path, true);
                while (files.hasNext()) {
                    LocatedFileStatus file = files.next();
                    String name = file.getPath().toUri().getPath().substring(1);
                    if (!name.equals(folder.key())) {
                        items.add(new Item(
                                name.substring(
                                        folder.key().isEmpty()
                                                ? 0
                                                : folder.key().length() + 1),
                                file.getLen(),
                                version(file)));
                    }
                }
            } catch (FileNotFoundException e) {
                if (e.getClass() != FileNotFoundException.class) {
                    // not even a bucket
                    throw e;
                }
            }
            return items;
        });
    }

    private static String version(FileStatus file) {
        String tag = file instanceof EtagSource source ? source.getEtag() : null;
        return tag == null || tag.isBlank()
                ? "%d-%d".formatted(file.getModificationTime(), file.getLen())
                : tag.replace("\"", "");
    }

    @Override
    public void read(ObjectUrl file, OutputStream to) throws IOException {
        on(file, (system, path) -> {
            try (FSDataInputStream in = system.open(path)) {
                return in.transferTo(to);
            }
        });
    }

    @Override
    public String write(ObjectUrl file, InputStream from) throws IOException {
        return on(file, (system, path) -> {
            FSDataOutputStream out =
                    system.createFile(path).overwrite(true).recursive().build();
            boolean whole = false;
            try (out) {
                try {
                    from.transferTo(out);
                    whole = true;
                } finally {
                    if (!whole) {
                        // closing it would make a file of a part
                        out.abort();
                    }
                }
            }
            return version(system.getFileStatus(path));
        });
    }

    @Override
    public void delete(ObjectUrl file) throws IOException {
        on(file, (system, path) -> system.delete(path, false));
    }
}
