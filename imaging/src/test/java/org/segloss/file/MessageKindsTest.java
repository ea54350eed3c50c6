package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageKindsTest {
    private static List<String> many(int count, String text) {
        return IntStream.range(0, count).mapToObj(text::formatted).toList();
    }

    @Test
    void whatIsSaidOfManyFilesIsSaidOnceWithSomeNames() {
        assertThat(MessageKinds.lines(many(150, "/data/images/case%d.nii: this image has no mask. Add one."), 20))
                .containsExactly(
                        "150 files in /data/images: this image has no mask. Add one. They are case0.nii, case1.nii, case2.nii and 147 more.");
        assertThat(MessageKinds.lines(List.of("/d/a/x: it is empty.", "/d/b/x: it is empty."), 20))
                .containsExactly("2 files in /d: it is empty. They are a/x, b/x.");
    }

    @Test
    void numbersAndNamesMakeNoOtherKind() {
        assertThat(MessageKinds.lines(
                        many(5, "case c%1$d: /d/c%1$d.nii: %1$d voxels are NaN, the first is '%1$d'."), 20))
                .containsExactly(
                        "case c0: /d/c0.nii: 0 voxels are NaN, the first is '0'. The same of 4 more: c1, c2, c3, c4.");
        assertThat(MessageKinds.lines(List.of("/d/s.json: 'a' is there twice.", "/d/s.json: 'b' is there twice."), 20))
                .containsExactly("/d/s.json: 'a' is there twice. And 1 more like this.");
    }

    @Test
    void messagesOfOtherKindsAreNotJoined() {
        List<String> messages = List.of("a.nii: it is empty.", "b.nii: it is damaged.", "no colon");
        assertThat(MessageKinds.lines(messages, 3)).isEqualTo(messages);
    }

    @Test
    void aboveTheMostTheLastLineSaysHowManyAreLeftOut() {
        var messages = new ArrayList<>(many(3, "f%d: alike."));
        for (char c = 'a'; c <= 'e'; c++) {
            messages.add("f: kind " + c + ".");
        }
        assertThat(MessageKinds.lines(messages, 4))
                .containsExactly(
                        "3 files: alike. They are f0, f1, f2.", "f: kind a.", "f: kind b.", "3 more of 3 other kinds");
    }
}
