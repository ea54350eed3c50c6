package org.segloss.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.segloss.file.ObjectUrl;

/// A store in memory, which fails from the change on that it is told.
final class MemoryStore implements ObjectStore {
    private record Stored(byte[] bytes, int version) {}

    private final Map<String, Stored> files = new TreeMap<>();
    private int versions;
    private int changes = Integer.MAX_VALUE;
    private boolean answering = true;

    /// Lets so many changes through.
    synchronized void failAfter(int number) {
        changes = number;
        answering = true;
    }

    /// As [#failAfter], but the change after those is done, and only its answer is lost.
    synchronized void loseAnswerAfter(int number) {
        changes = number;
        answering = false;
    }

    /// {@return the content of each file, by the rest of its URL}
    synchronized Map<String, String> content(ObjectUrl folder) {
        var content = new TreeMap<String, String>();
        files.forEach((name, stored) -> {
            if (name.startsWith(folder + "/")) {
                content.put(name.substring(folder.toString().length() + 1), new String(stored.bytes, UTF_8));
            }
        });
        return content;
    }

    private void change() throws IOException {
        if (changes == 0 && answering || changes < 0) {
            throw new IOException("the store is gone");
        }
        changes--;
    }

    private void answer() throws IOException {
        if (changes < 0) {
            throw new IOException("the store is gone");
        }
    }

    @Override
    public ObjectStore with(Map<String, String> settings) {
        return this;
    }

    @Override
    public synchronized List<Item> list(ObjectUrl folder) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().startsWith(folder + "/"))
                .map(file -> new Item(
                        file.getKey().substring(folder.toString().length() + 1),
                        file.getValue().bytes.length,
                        "v" + file.getValue().version))
                .toList();
    }

    @Override
    public synchronized void read(ObjectUrl file, OutputStream to) throws IOException {
        to.write(files.get(file.toString()).bytes);
    }

    @Override
    public synchronized String write(ObjectUrl file, InputStream from) throws IOException {
        change();
        versions++;
        files.put(file.toString(), new Stored(from.readAllBytes(), versions));
        String version = "v" + versions;
        answer();
        return version;
    }

    @Override
    public synchronized void delete(ObjectUrl file) throws IOException {
        change();
        files.remove(file.toString());
        answer();
    }
}
