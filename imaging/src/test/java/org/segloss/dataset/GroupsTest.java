package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsTest {
    private static final List<String> IDS = List.of("mr_001", "mr_002", "mr_010");

    @TempDir
    Path folder;

    private Path table(String text) throws IOException {
        return Files.writeString(folder.resolve("cases.csv"), text);
    }

    @Test
    void aTableSaysWhichCasesBelongTogether() throws IOException {
        Path file = table("role,case,group\nx,mr_001,p1\nx,mr_002,p1\nx,mr_010,p2\ny,unknown,p9\n");
        Groups groups = Groups.read(file, IDS);
        assertThat(groups.byCase()).isEqualTo(Map.of("mr_001", "p1", "mr_002", "p1", "mr_010", "p2"));
        assertThat(Groups.of(folder, IDS)).isEqualTo(groups);
    }

    @Test
    void aNumberStandsForTheCaseThatEndsInIt() throws IOException {
        Path file = table("case,subject\n1,1\n2,1\n010,5\n");
        assertThat(Groups.read(file, IDS).byCase()).isEqualTo(Map.of("mr_001", "1", "mr_002", "1", "mr_010", "5"));
        // not where two cases do
        assertThatIOException()
                .isThrownBy(() -> Groups.read(file, List.of("mr_001", "ct_001")))
                .withMessageContaining("2 cases have no group: mr_001, ct_001");
    }

    @Test
    void withoutATableEachCaseStandsForItself() throws IOException {
        assertThat(Groups.of(folder, IDS)).isEqualTo(Groups.single(IDS));
    }

    @Test
    void semicolonsAndTabsPartFieldsTooAndAMarkAtTheStartIsNoName() throws IOException {
        var pairs = Map.of("mr_001", "p1", "mr_002", "p1", "mr_010", "p2");
        assertThat(Groups.read(table("\ufeffcase;group\nmr_001;p1\nmr_002;p1\nmr_010;p2\n"), IDS)
                        .byCase())
                .isEqualTo(pairs);
        assertThat(Groups.read(table("case\tgroup\nmr_001\tp1\nmr_002\tp1\nmr_010\tp2\n"), IDS)
                        .byCase())
                .isEqualTo(pairs);
    }

    @Test
    void aTableThatSaysTooLittleIsRefused() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> Groups.read(table("case,age\nmr_001,63\n"), IDS))
                .withMessageContainingAll(
                        "cases.csv", "no column 'group' or 'subject', only 'case', 'age'", "case,group");
        // else its subjects would be taken for none
        assertThatIOException()
                .isThrownBy(() -> Groups.of(folder, IDS))
                .withMessageContaining("no column 'group' or 'subject'");
        assertThatIOException()
                .isThrownBy(() -> Groups.read(table("id,group\nmr_001,a\n"), IDS))
                .withMessageContaining("no column 'case', only 'id', 'group'");
        assertThatIOException()
                .isThrownBy(() -> Groups.read(table("case,group\nmr_001\n"), IDS))
                .withMessageContaining("no table");
        assertThatIOException()
                .isThrownBy(() -> Groups.of(folder, table("case,group\nmr_001,a\nmr_002,\n") == null ? List.of() : IDS))
                .withMessageContaining("2 cases have no group: mr_002, mr_010");
        assertThatIOException()
                .isThrownBy(() -> Groups.read(table("case,group\nmr_001,a\nmr_001,b\nmr_002,b\nmr_010,b\n"), IDS))
                .withMessageContaining("'mr_001' is in the groups 'a' and 'b'");
        assertThatIOException().isThrownBy(() -> Groups.read(folder.resolve("none.csv"), IDS));
    }

    @Test
    void aRuleFindsTheSubjectInTheName() {
        assertThat(Groups.by(Pattern.compile("_0(.)"), IDS).byCase())
                .isEqualTo(Map.of("mr_001", "0", "mr_002", "0", "mr_010", "1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Groups.by(Pattern.compile("mr"), IDS))
                .withMessageContaining("no parenthesis");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Groups.by(Pattern.compile("_00(.)"), IDS))
                .withMessageContaining("no subject in 1 of 3 names: mr_010");
    }

    @Test
    void aSubjectOnTwoSidesIsNamedWithItsCases() {
        var groups = new Groups(Map.of("mr_001", "p1", "mr_002", "p1", "mr_010", "p2"));
        groups.check(new Split(List.of("mr_001", "mr_002"), List.of(), List.of("mr_010")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> groups.check(new Split(List.of("mr_001"), List.of(), List.of("mr_010", "mr_002"))))
                .withMessageStartingWith(
                        "A subject stands on two sides of the split: subject 'p1' is in train (mr_001) and test (mr_002).");
        assertThat(groups.leaks(new Split(List.of("mr_001"), List.of("mr_002"), List.of("mr_010"))))
                .hasSize(1);
    }
}
