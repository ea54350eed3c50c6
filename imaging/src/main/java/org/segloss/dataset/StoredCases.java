package org.segloss.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segloss.file.FileProblems;

/// Cases of a data set, all of which have been read and checked. Where they are small beside Java's memory they are
/// kept; else each is read again whenever it is asked for, and none is held here.
public final class StoredCases {
    /// The part of Java's memory that cases may take together.
    private static final int PART = 4;

    /// Reads a case.
    public interface Reader {
        Case read(String id) throws IOException;
    }

    private final Map<String, Case> kept;
    private final Reader reader;

    private StoredCases(Map<String, Case> kept, Reader reader) {
        this.kept = kept;
        this.reader = reader;
    }

    /// {@return how many bytes are small beside Java's memory}: a quarter of it
    public static long room() {
        return Runtime.getRuntime().maxMemory() / PART;
    }

    /// Reads all of some cases, and keeps them if they take no more than [#room].
    ///
    /// @throws IOException that says of every bad case what is wrong with it
    public static StoredCases read(List<String> ids, Reader reader) throws IOException {
        return read(ids, reader, room());
    }

    /// @param room bytes that they may take to be kept
    static StoredCases read(List<String> ids, Reader reader, long room) throws IOException {
        Map<String, Case> kept = new HashMap<>();
        var problems = new FileProblems();
        long bytes = 0;
        for (String id : ids) {
            try {
                Case found = reader.read(id);
                bytes += bytes(found);
                if (bytes > room) {
                    kept.clear();
                } else {
                    kept.put(id, found);
                }
            } catch (IOException e) {
                problems.add(e);
            }
        }
        problems.check(ids.size(), "cases can't be read");
        return new StoredCases(kept, reader);
    }

    private static long bytes(Case c) {
        return 4L * c.image().values().length + c.label().values().length;
    }

    /// {@return whether they are in memory}
    public boolean areKept() {
        return !kept.isEmpty();
    }

    /// {@return one of them}
    /// @throws UncheckedIOException if it has to be read again and can't be by now
    public Case get(String id) {
        Case there = kept.get(id);
        if (there != null) {
            return there;
        }
        try {
            return reader.read(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return some of them}, each read when the list is asked for it, as [#get]
    public List<Case> of(List<String> ids) {
        return new AbstractList<>() {
            @Override
            public Case get(int index) {
                return StoredCases.this.get(ids.get(index));
            }

            @Override
            public int size() {
                return ids.size();
            }
        };
    }
}
