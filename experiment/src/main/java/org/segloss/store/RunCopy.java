package org.segloss.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segloss.file.FolderLock;
import org.segloss.file.ObjectUrl;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.store.ObjectStore.Item;

/// A run in a store and its copy on this machine, in which the work is done.
///
/// What says that something is complete goes to the store after what it says that of, and is deleted there before: a
/// copying that is broken off leaves at any time a run that can be gone on with, and that looks no more complete than
/// it is. Of a training that has begun the tables go before the checkpoint, which a training goes on from.
///
/// Nothing is locked in a store. Who does the same run there at the same time does its work twice, to the same bytes.
public final class RunCopy {
    private static final String INDEX = ".copied";
    /// A cell's files.
    private static final Pattern CELL =
            Pattern.compile("([^/.][^/]*/fold-\\d+/seed--?\\d+)/([^/.][^/]*(?:/[^/.][^/]*){0,2})");

    private static final ObjectStore.Item NOTHING = new Item("", 0, "");

    private final ObjectStore store;
    private final ObjectUrl url;
    private final RunFolder folder;
    private final List<String> settings;
    private final List<String> results;
    private final FolderCopy top;
    private final Map<String, FolderCopy> cells = new TreeMap<>();

    private RunCopy(ObjectStore store, ObjectUrl url, RunFolder folder) throws IOException {
        this.store = store;
        this.url = url;
        this.folder = folder;
        // what says that this is a run goes first: a run that only that is there of can be begun
        settings = names(folder.settings(), folder.manifest(), folder.environment());
        results = names(folder.cases(), folder.scores(), folder.comparison(), folder.report());
        var order = new ArrayList<>(settings);
        order.addAll(results);
        top = new FolderCopy(store, url, folder.root(), index("run"), order::indexOf);
    }

    /// {@return a run whose cells one program does, or collects}, for which it has to hold the folder
    public static RunCopy of(ObjectStore store, ObjectUrl url) throws IOException {
        return new RunCopy(store, url, new RunFolder(url.copy(ObjectUrl.Use.RUN)));
    }

    /// {@return a run of which this program does single cells}
    public static RunCopy ofCells(ObjectStore store, ObjectUrl url) throws IOException {
        return new RunCopy(store, url, new RunFolder(url.copy(ObjectUrl.Use.CELLS)));
    }

    private static List<String> names(Path... files) {
        return Stream.of(files).map(file -> file.getFileName().toString()).toList();
    }

    private Path index(String name) {
        return folder.root().resolve(INDEX, name.replace('/', '+'));
    }

    /// {@return where the copy lies}
    public RunFolder folder() {
        return folder;
    }

    public ObjectUrl url() {
        return url;
    }

    public ObjectStore store() {
        return store;
    }

    // ---------------------------------------------------------------- in

    /// Copies in what the store has and this machine hasn't, or not as new.
    ///
    /// @param anew whether the run is about to be begun anew: then only what says that it is a run
    /// @throws IOException if something else lies there
    public void fetch(boolean anew, Progress progress) throws IOException {
        Map<String, Map<String, Item>> remote = grouped(store.list(url));
        Collection<Item> outer = remote.remove("").values();
        if (outer.isEmpty() && remote.isEmpty()) {
            forget();
            return;
        }
        fetchTop(outer, true, progress);
        var names = new TreeSet<>(remote.keySet());
        names.addAll(known());
        for (String name : names) {
            FolderCopy cell = cell(name);
            Collection<Item> items = remote.getOrDefault(name, Map.of()).values();
            if (anew) {
                // what is deleted here is deleted there by this
                var there = new HashMap<String, CopyIndex.Entry>();
                items.forEach(item -> there.put(item.name(), new CopyIndex.Entry(0, 0, item.version())));
                cell.index().set(there);
            } else {
                progress.at("copying in what is done", 0, name);
                fetch(cell, items);
            }
        }
    }

    /// Copies in what all cells need.
    ///
    /// @throws IOException if it isn't there
    public void fetchSettings(Progress progress) throws IOException {
        try (FolderLock _ = Waiting.take(folder.root(), progress)) {
            List<Item> there = store.list(url).stream()
                    .filter(item -> settings.contains(item.name()))
                    .toList();
            if (there.size() < settings.size()) {
                throw new IOException(
                        "%s holds no run that was prepared: it lacks %s; 'segloss compare --prepare --out %s' makes one"
                                .formatted(
                                        url,
                                        settings.stream()
                                                .filter(name -> there.stream()
                                                        .noneMatch(item ->
                                                                item.name().equals(name)))
                                                .findFirst()
                                                .orElseThrow(),
                                        url));
            }
            fetchTop(there, false, progress);
        }
    }

    /// Copies in what the store has of a cell, if others have worked at it since.
    public void fetch(LossFolder place) throws IOException {
        FolderCopy cell = cell(name(place));
        fetch(cell, store.list(url.child(name(place))));
    }

    private static void fetch(FolderCopy cell, Collection<Item> items) throws IOException {
        if (cell.isChanged(items)) {
            new LossFolder(cell.folder()).clear();
            cell.index().set(Map.of());
        }
        var missing = new ArrayList<Item>();
        for (Item item : items) {
            if (!cell.isNoOlder(item)) {
                missing.add(item);
            }
        }
        cell.fetch(missing, _ -> {});
    }

    private void fetchTop(Collection<Item> items, boolean all, Progress progress) throws IOException {
        Item mark = items.stream()
                .filter(item ->
                        item.name().equals(folder.settings().getFileName().toString()))
                .findFirst()
                .orElse(NOTHING);
        if (mark == NOTHING) {
            throw new IOException("%s holds files that are no run's%s; give an --out that is new or empty"
                    .formatted(
                            url,
                            items.stream()
                                    .findFirst()
                                    .map(item -> ", such as " + item.name())
                                    .orElse("")));
        }
        var missing = new ArrayList<Item>();
        for (Item item : items) {
            if ((all || settings.contains(item.name()))
                    && (settings.contains(item.name()) || results.contains(item.name()))
                    && !top.isNoOlder(item)) {
                missing.add(item);
            }
        }
        if (missing.contains(mark) && Files.exists(folder.settings())) {
            var there = new ByteArrayOutputStream();
            store.read(url.child(mark.name()), there);
            if (!Arrays.equals(there.toByteArray(), Files.readAllBytes(folder.settings()))) {
                progress.say("%s is another run by now; its copy in %s is made anew".formatted(url, folder.root()));
                folder.clear();
                forgetCells();
                missing.clear();
                missing.addAll(items.stream()
                        .filter(item -> settings.contains(item.name()) || all && results.contains(item.name()))
                        .toList());
            }
        }
        top.fetch(missing, _ -> {});
    }

    /// Of a store that has nothing nothing is known: all that is here goes there.
    private void forget() throws IOException {
        top.index().set(Map.of());
        forgetCells();
    }

    private void forgetCells() throws IOException {
        for (String name : known()) {
            cell(name).index().set(Map.of());
        }
    }

    private Map<String, Map<String, Item>> grouped(List<Item> items) {
        var groups = new LinkedHashMap<String, Map<String, Item>>();
        groups.put("", new LinkedHashMap<>());
        for (Item item : items) {
            Matcher cell = CELL.matcher(item.name());
            String group = cell.matches() ? cell.group(1) : "";
            String name = cell.matches() ? cell.group(2) : item.name();
            groups.computeIfAbsent(group, _ -> new LinkedHashMap<>())
                    .put(name, new Item(name, item.size(), item.version()));
        }
        return groups;
    }

    // ---------------------------------------------------------------- out

    /// Deletes in the store what a run that was begun anew has deleted here, then copies out what says what the run is.
    public synchronized void sendSettings() throws IOException {
        top.deleteMissing();
        for (String name : known()) {
            cell(name).deleteMissing();
        }
        if (top.isToSend(settings.getFirst())) {
            // of another run
            top.delete(settings.subList(1, settings.size()));
        }
        top.send(settings);
    }

    /// Copies out what is new of all cells.
    public synchronized void sendCells() throws IOException {
        for (String name : here()) {
            send(name);
        }
    }

    /// Copies out what is new of a cell.
    public synchronized void send(LossFolder place) throws IOException {
        send(name(place));
    }

    private void send(String name) throws IOException {
        FolderCopy cell = cell(name);
        cell.send(files(cell.folder()));
        cell.deleteMissing();
    }

    /// {@return whether a stage of a cell has ended, or begun, since the cell was last copied out}
    synchronized boolean hasNewStage(LossFolder place) throws IOException {
        return cell(name(place)).isToSend(place.stages().getFileName().toString());
    }

    /// Copies out what was made from all cells.
    ///
    /// @throws NotSent if that can't be done; nothing is lost here
    public synchronized void finish() throws IOException {
        try {
            top.send(results);
            top.deleteMissing();
        } catch (IOException e) {
            throw new NotSent(this, e);
        }
    }

    // ---------------------------------------------------------------- cells

    /// {@return the cells that are here}
    synchronized List<LossFolder> places() throws IOException {
        return here().stream()
                .map(name -> new LossFolder(folder.root().resolve(name)))
                .toList();
    }

    private String name(LossFolder place) {
        return folder.root().relativize(place.root()).toString().replace('\\', '/');
    }

    private synchronized FolderCopy cell(String name) throws IOException {
        FolderCopy cell = cells.get(name);
        if (cell == null) {
            Path place = folder.root().resolve(name);
            cell = new FolderCopy(store, url.child(name), place, index(name), RunCopy::rank);
            cells.put(name, cell);
        }
        return cell;
    }

    private static int rank(String name) {
        return switch (name) {
            case "stages.json" -> 3;
            case "checkpoint.safetensors" -> 2;
            // of what was kept when the training was extended
            default -> name.endsWith("/stages.json") ? 1 : 0;
        };
    }

    /// {@return the cells that are here}
    private Set<String> here() throws IOException {
        return new TreeSet<>(RunFolder.leaves(folder.root()));
    }

    /// {@return the cells of which something is known}
    private Set<String> known() throws IOException {
        Path indices = folder.root().resolve(INDEX);
        var names = new HashSet<String>();
        if (Files.isDirectory(indices)) {
            try (Stream<Path> files = Files.list(indices)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> !name.startsWith(".") && name.contains("+"))
                        .forEach(name -> names.add(name.replace('+', '/')));
            }
        }
        return names;
    }

    private static List<String> files(Path cell) throws IOException {
        try (Stream<Path> all = Files.walk(cell, 3)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> cell.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith(".") && !name.contains("/."))
                    .toList();
        }
    }
}
