package org.segloss.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Many messages in few lines: what is said of many files alike is said once, with the names of some of them. One kind
/// are messages that differ in names and numbers alone.
///
/// A message begins with what it is about and a colon: `folder/a.nii: the file is empty. Get it again.`
public final class MessageKinds {
    /// So many lines are read at a glance.
    public static final int MOST_LINES = 20;

    private static final int NAMED = 3;

    /// @param about the file or case that a message is about
    /// @param text  what is said of it
    private record Message(String about, String text) {
        static Message of(String whole) {
            int end = whole.indexOf(": ");
            return end < 0 ? new Message("", whole) : new Message(whole.substring(0, end), whole.substring(end + 2));
        }

        /// Paths, quoted names and numbers are what differs within a kind.
        String kind() {
            if (about.isEmpty()) {
                // whom it is about stands somewhere in it, and would be lost
                return text;
            }
            return (about.startsWith("case ") ? "case " : "")
                    + text.replaceAll("\\S*[/\\\\]\\S*", "/")
                            .replaceAll("'[^']*'", "'")
                            .replaceAll("\\d+(\\.\\d+)?([eE][-+]?\\d+)?", "0");
        }

        String whole() {
            return about.isEmpty() ? text : "%s: %s".formatted(about, text);
        }
    }

    private MessageKinds() {}

    /// {@return a line for each kind, in the order of their first messages}
    ///
    /// @param most lines, at least 1; where there are more kinds, the last says how many messages are left out
    public static List<String> lines(List<String> messages, int most) {
        Map<String, List<Message>> kinds = new LinkedHashMap<>();
        for (String whole : messages) {
            Message message = Message.of(whole);
            kinds.computeIfAbsent(message.kind(), _ -> new ArrayList<>()).add(message);
        }
        var lines = new ArrayList<String>();
        int left = messages.size();
        for (List<Message> alike : kinds.values()) {
            if (lines.size() == most - 1 && kinds.size() > most) {
                lines.add("%d more of %d other kinds".formatted(left, kinds.size() - lines.size()));
                break;
            }
            lines.add(line(alike));
            left -= alike.size();
        }
        return lines;
    }

    private static String line(List<Message> alike) {
        Message first = alike.getFirst();
        if (alike.size() == 1) {
            return first.whole();
        }
        List<String> abouts = alike.stream().map(Message::about).distinct().toList();
        boolean same = alike.stream().map(Message::text).distinct().count() == 1;
        if (abouts.size() == 1) {
            return same ? first.whole() : "%s And %d more like this.".formatted(ended(first.whole()), alike.size() - 1);
        }
        boolean cases = first.about().startsWith("case ");
        String folder = cases ? "" : folder(abouts);
        List<String> names = abouts.stream()
                .map(about -> cases ? about.substring("case ".length()) : about.substring(folder.length()))
                .toList();
        return same
                ? "%d %s%s: %s They are %s."
                        .formatted(
                                abouts.size(),
                                cases ? "cases" : "files",
                                folder.isEmpty() ? "" : " in " + folder.substring(0, folder.length() - 1),
                                ended(first.text()),
                                some(names))
                : "%s The same of %d more: %s."
                        .formatted(ended(first.whole()), names.size() - 1, some(names.subList(1, names.size())));
    }

    private static String ended(String sentence) {
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }

    /// {@return the folder that all paths begin with, with the slash behind it}; nothing where they have none in common
    private static String folder(List<String> paths) {
        String common = paths.getFirst();
        for (String path : paths) {
            int end = 0;
            while (end < Math.min(common.length(), path.length()) && common.charAt(end) == path.charAt(end)) {
                end++;
            }
            common = common.substring(0, end);
        }
        return common.substring(0, Math.max(common.lastIndexOf('/'), common.lastIndexOf('\\')) + 1);
    }

    private static String some(List<String> names) {
        return names.size() <= NAMED + 1
                ? String.join(", ", names)
                : "%s and %d more".formatted(String.join(", ", names.subList(0, NAMED)), names.size() - NAMED);
    }
}
