package org.segloss.dataset;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.file.Csv;

/// Which cases belong together because they are of one subject: two visits, two sides of a body.
///
/// Cases of one group never stand on two sides of a split: a network that has seen one knows something about the other.
///
/// @param byCase the group of each case
/// @param columns what else the table says of the cases
public record Groups(Map<String, String> byCase, CaseColumns columns) {
    public static final String FILE = "cases.csv";
    private static final Pattern LAST_NUMBER = Pattern.compile("0*(\\d+)$");

    public Groups {
        byCase = Map.copyOf(byCase);
    }

    /// Of cases of which nothing else is known.
    public Groups(Map<String, String> byCase) {
        this(byCase, CaseColumns.NONE);
    }

    /// {@return a group for each case}
    public static Groups single(List<String> ids) {
        return new Groups(ids.stream().collect(Collectors.toMap(id -> id, id -> id)));
    }

    /// {@return the groups in the `cases.csv` of the data set's folder; a group for each case if there is no such file}
    ///
    /// @throws IOException as [#read]
    public static Groups of(Path folder, List<String> ids) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.isRegularFile(file) ? read(file, ids) : single(ids);
    }

    /// Reads a table with the columns `case` and `group` (or `subject`); the others are kept as `columns`.
    ///
    /// A whole number in `case` stands for the one case whose name ends in it: 7 for `hippocampus_007`. Cases that
    /// aren't among `ids` are left alone.
    ///
    /// @throws IOException that names the file and what is wrong with it: a column that is missing, a case
    ///                     without a group or with two
    public static Groups read(Path file, List<String> ids) throws IOException {
        Map<String, String> names = names(ids);
        Map<String, String> found = new TreeMap<>();
        CaseColumns columns;
        try {
            List<NamedCsvRecord> lines = Csv.read(file);
            for (NamedCsvRecord line : lines) {
                String name = field(file, line, "case");
                String group = field(file, line, "group", "subject");
                String id = named(name, names);
                if (id == null) {
                    continue;
                }
                String other = group.isEmpty() ? null : found.put(id, group);
                if (other != null && !other.equals(group)) {
                    throw new IOException("%s: the case '%s' is in the groups '%s' and '%s'. Leave one."
                            .formatted(file, id, other, group));
                }
            }
            columns = CaseColumns.of(file, lines, ids);
        } catch (RuntimeException e) {
            throw new IOException("%s: this is no table (%s). Correct it.".formatted(file, e.getMessage()), e);
        }
        List<String> missing = missing(ids, found);
        if (!missing.isEmpty()) {
            throw new IOException("%s: %d cases have no group: %s. Add a line for each."
                    .formatted(file, missing.size(), some(missing)));
        }
        return new Groups(found, columns);
    }

    /// {@return the case that a table means}; null if it is none of the names
    static String named(String name, Map<String, String> names) {
        return names.getOrDefault(name, names.get(plain(name)));
    }

    /// {@return what stands in the first of these columns that there is}
    private static String field(Path file, NamedCsvRecord line, String... columns) throws IOException {
        for (String column : columns) {
            Optional<String> field = line.findField(column);
            if (field.isPresent()) {
                return Csv.text(field.get().strip());
            }
        }
        throw new IOException(
                "%s: there is no column '%s', only %s. It says which cases are of one subject: its first line has to be case,group. A table of something else needs another name."
                        .formatted(
                                file,
                                String.join("' or '", columns),
                                line.getHeader().stream().collect(Collectors.joining("', '", "'", "'"))));
    }

    /// The names that a case may have in a table.
    static Map<String, String> names(List<String> ids) {
        Map<String, List<String>> numbers = new LinkedHashMap<>();
        for (String id : ids) {
            Matcher number = LAST_NUMBER.matcher(id);
            if (number.find()) {
                numbers.computeIfAbsent(number.group(1), _ -> new ArrayList<>()).add(id);
            }
        }
        Map<String, String> names = new LinkedHashMap<>();
        numbers.forEach((number, ending) -> {
            if (ending.size() == 1) {
                names.put(number, ending.getFirst());
            }
        });
        ids.forEach(id -> names.put(id, id));
        return names;
    }

    private static String plain(String name) {
        return name.matches("0+\\d+") ? name.replaceFirst("^0+(?=\\d)", "") : name;
    }

    /// {@return what the first parenthesis of `rule` finds in each case's name}
    ///
    /// @throws IllegalArgumentException if the rule has no parenthesis, or finds nothing in a name
    public static Groups by(Pattern rule, List<String> ids) {
        Map<String, String> found = new TreeMap<>();
        for (String id : ids) {
            Matcher matcher = rule.matcher(id);
            if (matcher.groupCount() < 1) {
                throw new IllegalArgumentException(
                        "the rule %s for groups has no parenthesis around what names the subject, as in '(.*)_visit'"
                                .formatted(rule));
            }
            if (matcher.find() && matcher.group(1) != null && !matcher.group(1).isEmpty()) {
                found.put(id, matcher.group(1));
            }
        }
        List<String> missing = missing(ids, found);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the rule %s for groups finds no subject in %d of %d names: %s"
                    .formatted(rule, missing.size(), ids.size(), some(missing)));
        }
        return new Groups(found);
    }

    private static List<String> missing(List<String> ids, Map<String, String> found) {
        return ids.stream().filter(id -> !found.containsKey(id)).toList();
    }

    static String some(List<String> ids) {
        return String.join(", ", ids.subList(0, Math.min(5, ids.size()))) + (ids.size() > 5 ? ", ..." : "");
    }

    /// {@return the group of a case}
    /// @throws IllegalArgumentException if it has none
    public String of(String id) {
        String group = byCase.get(id);
        if (group == null) {
            throw new IllegalArgumentException("the case '%s' has no group".formatted(id));
        }
        return group;
    }

    /// {@return how many groups there are}
    public int count() {
        return (int) byCase.values().stream().distinct().count();
    }

    /// {@return the members of each group, groups by name and members as in `ids`}
    Map<String, List<String>> members(List<String> ids) {
        return ids.stream().collect(Collectors.groupingBy(this::of, TreeMap::new, Collectors.toList()));
    }

    /// {@return the groups with members on two sides of a split, one line a group, which names the cases}; cases
    /// without a group belong to nobody
    public List<String> leaks(Split split) {
        var leaks = new ArrayList<String>();
        Map<String, List<String>> sides = new LinkedHashMap<>();
        sides.put("train", split.train());
        sides.put("val", split.validation());
        sides.put("test", split.test());
        Map<String, Map<String, List<String>>> found = new TreeMap<>();
        sides.forEach((side, ids) -> members(
                        ids.stream().filter(byCase::containsKey).toList())
                .forEach((group, members) ->
                        found.computeIfAbsent(group, _ -> new LinkedHashMap<>()).put(side, members)));
        found.forEach((group, where) -> {
            long members =
                    where.values().stream().flatMap(List::stream).distinct().count();
            // a case that is listed on two sides is another mistake
            if (where.size() > 1 && members > 1) {
                leaks.add("subject '%s' is in %s"
                        .formatted(
                                group,
                                where.entrySet().stream()
                                        .map(e -> "%s (%s)".formatted(e.getKey(), some(e.getValue())))
                                        .collect(Collectors.joining(" and "))));
            }
        });
        return leaks;
    }

    /// @throws IllegalArgumentException if a subject stands on two sides of a split; names it and its cases
    public void check(Split split) {
        List<String> leaks = leaks(split);
        if (!leaks.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s on two sides of the split: %s%s. What a network has seen of a subject can't test it: move all cases of each to one side."
                            .formatted(
                                    leaks.size() == 1 ? "A subject stands" : leaks.size() + " subjects stand",
                                    String.join("; ", leaks.subList(0, Math.min(5, leaks.size()))),
                                    leaks.size() > 5 ? "; ..." : ""));
        }
    }
}
