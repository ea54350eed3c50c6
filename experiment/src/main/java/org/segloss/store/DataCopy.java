package org.segloss.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.segloss.dataset.Dataset;
import org.segloss.file.FolderLock;
import org.segloss.file.ObjectUrl;
import org.segloss.run.Progress;
import org.segloss.store.ObjectStore.Item;

/// A data set of a store, copied to this machine.
public final class DataCopy {
    private static final String INDEX = ".copied";

    private DataCopy() {}

    /// Copies in what isn't here yet, or was changed in the store or here since. Programs of one machine share the
    /// copy; while one of them copies, the others wait.
    ///
    /// @return the folder of the copy
    /// @throws IOException if nothing of a data set is there, or it can't be copied
    public static Path bring(ObjectStore store, ObjectUrl data, Progress progress) throws IOException {
        Path folder = data.copy(ObjectUrl.Use.DATA);
        try (FolderLock _ = Waiting.take(folder, progress)) {
            List<Item> items = store.list(data).stream()
                    .filter(item -> Dataset.isPart(item.name()))
                    .toList();
            if (items.stream().noneMatch(item -> item.name().contains("/"))) {
                throw new IOException(
                        "%s holds no data set: a folder with imagesTr and labelsTr, or with images and masks, was expected. Check the name"
                                .formatted(data));
            }
            var copy = new FolderCopy(store, data, folder, folder.resolve(INDEX), _ -> 0);
            deleteOthers(copy, items);
            var missing = new ArrayList<Item>();
            for (Item item : items) {
                if (!copy.isUnchanged(item)) {
                    missing.add(item);
                }
            }
            if (!missing.isEmpty()) {
                long all = missing.stream().mapToLong(Item::size).sum();
                progress.say("Copying %d files of %s, %,d MB, to %s"
                        .formatted(missing.size(), data, (all + 999_999) / 1_000_000, folder));
                var copied = new AtomicLong();
                copy.fetch(missing, bytes -> {
                    long now = copied.addAndGet(bytes);
                    progress.at(
                            "copying the data", (double) now / Math.max(1, all), "%,d MB".formatted(now / 1_000_000));
                });
            }
        }
        return folder;
    }

    /// What the store doesn't have any more is no part of the data set here either.
    private static void deleteOthers(FolderCopy copy, List<Item> items) throws IOException {
        Set<String> gone = new HashSet<>(copy.index().entries().keySet());
        gone.removeAll(items.stream().map(Item::name).collect(Collectors.toSet()));
        for (String name : gone) {
            Files.deleteIfExists(copy.folder().resolve(name));
            copy.index().remove(name);
        }
    }
}
