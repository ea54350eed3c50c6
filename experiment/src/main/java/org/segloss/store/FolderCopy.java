package org.segloss.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;
import org.segloss.file.AtomicFile;
import org.segloss.file.ObjectUrl;
import org.segloss.store.ObjectStore.Item;

/// Some files of a folder here, and the same of a folder in a store.
final class FolderCopy {
    /// A store takes a while for each file, however small, but many at once.
    private static final int AT_ONCE = 8;

    private final ObjectStore store;
    private final ObjectUrl url;
    private final Path folder;
    private final CopyIndex index;
    private final ToIntFunction<String> rank;

    /// @param index what is known of the copies
    /// @param rank  of a file's name: files of a lower one are copied before those of a higher one, either way
    FolderCopy(ObjectStore store, ObjectUrl url, Path folder, Path index, ToIntFunction<String> rank)
            throws IOException {
        this.store = store;
        this.url = url;
        this.folder = folder;
        this.index = new CopyIndex(index);
        this.rank = rank;
    }

    CopyIndex index() {
        return index;
    }

    Path folder() {
        return folder;
    }

    /// {@return whether the store holds something else than when it was last looked at}: another machine has written.
    /// What was being sent from here when it was last looked at counts as sent from here.
    boolean isChanged(Collection<Item> remote) {
        var versions = new HashMap<String, String>();
        remote.forEach(item -> versions.put(item.name(), item.version()));
        var known = new HashMap<String, String>();
        index.entries().forEach((name, entry) -> {
            if (entry.equals(CopyIndex.UNDER_WAY)) {
                versions.remove(name);
            } else {
                known.put(name, entry.version());
            }
        });
        return !versions.equals(known);
    }

    /// {@return whether a file is here as it was copied from the store's}
    boolean isUnchanged(Item item) throws IOException {
        Optional<CopyIndex.Entry> copied = index.of(item.name());
        return copied.isPresent() && copied.equals(CopyIndex.Entry.of(folder.resolve(item.name()), item.version()));
    }

    /// {@return whether a file is here that was copied from the store's or made from that}
    boolean isNoOlder(Item item) {
        return index.of(item.name())
                        .filter(copied -> copied.equals(CopyIndex.UNDER_WAY)
                                || copied.version().equals(item.version()))
                        .isPresent()
                && Files.exists(folder.resolve(item.name()));
    }

    /// Told what has been copied.
    interface Told {
        /// @param bytes of one more file
        void copied(long bytes);
    }

    /// Copies files from the store, each of which is whole here or not at all.
    void fetch(Collection<Item> items, Told told) throws IOException {
        byRank(items, Item::name, item -> {
            Path file = folder.resolve(item.name());
            AtomicFile.write(file, out -> store.read(url.child(item.name()), out));
            index.put(item.name(), CopyIndex.Entry.of(file, item.version()).orElseThrow());
            told.copied(item.size());
        });
    }

    /// Copies files to the store that aren't there as they are here. One that is gone by now counts as not there.
    void send(Collection<String> names) throws IOException {
        Map<String, InputStream> opened = new TreeMap<>();
        try {
            var changed = new LinkedHashMap<String, CopyIndex.Entry>();
            for (String name : names) {
                Optional<CopyIndex.Entry> now = stateOf(name);
                if (now.isPresent()) {
                    changed.put(name, now.get());
                }
            }
            // what is written last is opened first: if it is replaced in between, the old one goes, and what is
            // written before it is no older
            for (String name : changed.keySet()) {
                if (rank.applyAsInt(name) > 0) {
                    opened.put(name, Files.newInputStream(folder.resolve(name)));
                }
            }
            byRank(changed.keySet(), name -> name, name -> {
                InputStream first = opened.get(name);
                try (InputStream in = first == null ? Files.newInputStream(folder.resolve(name)) : first) {
                    index.put(name, CopyIndex.UNDER_WAY);
                    String version = store.write(url.child(name), in);
                    CopyIndex.Entry was = changed.get(name);
                    index.put(name, new CopyIndex.Entry(was.size(), was.time(), version));
                }
            });
        } catch (NoSuchFileException _) {
            // a program that works here has just deleted it; what is left goes the next time
        } finally {
            for (InputStream in : opened.values()) {
                in.close();
            }
        }
    }

    /// {@return a file as it is here}, if it isn't in the store like that
    private Optional<CopyIndex.Entry> stateOf(String name) throws IOException {
        Optional<CopyIndex.Entry> known = index.of(name);
        return CopyIndex.Entry.of(
                        folder.resolve(name),
                        known.map(CopyIndex.Entry::version).orElse(""))
                .filter(now -> !now.equals(known.orElse(null)));
    }

    /// {@return whether a file is to be sent}
    boolean isToSend(String name) throws IOException {
        return stateOf(name).isPresent();
    }

    /// Deletes in the store what was there when it was last looked at and isn't here.
    void deleteMissing() throws IOException {
        delete(index.entries().keySet().stream()
                .filter(name -> Files.notExists(folder.resolve(name)))
                .toList());
    }

    /// Deletes in the store what was there when it was last looked at.
    void delete(List<String> names) throws IOException {
        List<String> known =
                names.stream().filter(name -> index.of(name).isPresent()).toList();
        // the other way round: what says that others are complete goes first
        byRank(known, name -> name, name -> -rank.applyAsInt(name), name -> {
            index.put(name, CopyIndex.UNDER_WAY);
            store.delete(url.child(name));
            index.remove(name);
        });
    }

    private interface Copying<T> {
        void copy(T file) throws IOException;
    }

    private interface Name<T> {
        String of(T file);
    }

    private <T> void byRank(Collection<T> files, Name<T> name, Copying<T> copying) throws IOException {
        byRank(files, name, rank, copying);
    }

    private static <T> void byRank(Collection<T> files, Name<T> name, ToIntFunction<String> rank, Copying<T> copying)
            throws IOException {
        var ranks = new TreeMap<Integer, List<Callable<Void>>>();
        var failed = new AtomicBoolean();
        for (T file : files) {
            ranks.computeIfAbsent(rank.applyAsInt(name.of(file)), _ -> new ArrayList<>())
                    .add(() -> {
                        // a store that doesn't answer is not asked for each
                        if (!failed.get()) {
                            boolean copied = false;
                            try {
                                copying.copy(file);
                                copied = true;
                            } finally {
                                failed.compareAndSet(false, !copied);
                            }
                        }
                        return null;
                    });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (List<Callable<Void>> equal : ranks.values()) {
                for (Future<Void> done : threads.invokeAll(equal)) {
                    done.get();
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while files were copied", e);
        }
    }
}
