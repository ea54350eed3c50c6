package org.segloss.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columnsAreAlignedAndAShortRowsTextMayRunOver() {
        var table = new TextTable();
        table.add(List.of("loss", "mean", "SD"));
        table.add(List.of("bce + dice", "0.9", "0.01"));
        table.add(List.of("ce", "diverged at step 7"));
        assertThat(table.lines())
                .containsExactly(
                        "loss        mean    SD", //
                        "bce + dice   0.9  0.01",
                        "ce          diverged at step 7");
    }
}
