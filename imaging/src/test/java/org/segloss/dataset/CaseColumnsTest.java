package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseColumnsTest {
    private static final List<String> IDS = List.of("mr_001", "mr_002", "mr_010");

    @TempDir
    Path folder;

    private CaseColumns read(String text) throws IOException {
        return CaseColumns.read(Files.writeString(folder.resolve("known.csv"), text), IDS);
    }

    @Test
    void allColumnsButCaseAndGroupAreKept() throws IOException {
        String text = "case,group,scanner,sex\nmr_001,p1,A,f\n2,p1,A,NA\n10,p2,'=B,\n99,p3,C,m\n";
        CaseColumns columns = read(text);
        assertThat(columns.byColumn())
                .isEqualTo(Map.of(
                        "scanner", Map.of("mr_001", "A", "mr_002", "A", "mr_010", "=B"), "sex", Map.of("mr_001", "f")));
        assertThat(Groups.read(folder.resolve("known.csv"), IDS).columns()).isEqualTo(columns);
        assertThat(columns.of(Set.of("mr_001")).byColumn())
                .isEqualTo(Map.of("scanner", Map.of("mr_001", "A"), "sex", Map.of("mr_001", "f")));
        assertThat(columns.of(Set.of("x")).isEmpty()).isTrue();

        columns.write(folder.resolve("kept.csv"));
        assertThat(CaseColumns.read(folder.resolve("kept.csv"), IDS)).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id,scanner;mr_001,A | there is no column 'case', only 'id', 'scanner'",
                "case,group;mr_001,A | beside the case and its group there is no column",
                "case,scanner | there are no lines below the first",
                "case,scanner;ct_1,A | it has none of the cases, which are mr_001, mr_002, mr_010",
                "case,scanner;1,A;1,B | the case 'mr_001' has 'A' and 'B' in the column 'scanner'. Leave one.",
                "case,scanner;1,A,B | line 2: it has 3 fields, but there are 2 columns"
            })
    void aWrongTableSaysWhatIsWrong(String lines, String words) {
        assertThatIOException()
                .isThrownBy(() -> read(lines.replace(";", "\n") + "\n"))
                .withMessageContaining("known.csv: ")
                .withMessageContaining(words);
    }
}
