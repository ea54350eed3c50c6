package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Task;
import org.segloss.run.Progress;

class LossTextsTest {

    @Test
    void commasInParenthesesDoNotSeparate() {
        assertThat(LossTexts.split("bce, tversky(fp=0.3, fn=0.6) , log1p(1 + tversky(fp=1, fn=1)),ce"))
                .containsExactly("bce", "tversky(fp=0.3, fn=0.6)", "log1p(1 + tversky(fp=1, fn=1))", "ce");
    }

    @Test
    void articleStandsForFive() {
        assertThat(LossTexts.parse("article"))
                .map(Loss::text)
                .containsExactly("bce", "dice", "tversky", "focal", "bce + log1p(dice)");
        assertThat(LossTexts.parse("article, ce")).hasSize(6);
    }

    @Test
    void allStandsForEveryLossThatMakesSenseAndIsNotNamedBeside() {
        assertThat(LossTexts.parse("all"))
                .hasSameSizeAs(LossCatalog.all())
                .contains(Loss.parse("dice"), Loss.parse("unifiedFocal"));
        var said = new ArrayList<String>();
        Progress progress = new Progress() {
            @Override
            public void say(String line) {
                said.add(line);
            }

            @Override
            public void at(String work, double fraction, String detail) {}
        };
        List<Loss> binary = LossTexts.suiting("dice(smooth=1), all, focal", Task.binary(), progress).stream()
                .flatMap(family -> family.members().stream())
                .toList();
        assertThat(binary)
                .doesNotHaveDuplicates()
                .doesNotContain(Loss.parse("wassersteinDice"))
                .startsWith(Loss.parse("dice(smooth=1)"))
                .endsWith(Loss.parse("focal"));
        assertThat(said).anyMatch(line -> line.startsWith("Left out: wassersteinDice (wassersteinDice is for a multi"));
        assertThat(LossTexts.optional("dice(smooth=1), all, focal"))
                .contains(Loss.parse("dice"))
                .doesNotContain(Loss.parse("focal"));
        assertThat(LossTexts.optional("dice, focal")).isEmpty();
    }

    @Test
    void nothingBetweenCommasIsNoLoss() {
        assertThatIllegalArgumentException().isThrownBy(() -> LossTexts.parse("bce,,dice"));
        assertThatIllegalArgumentException().isThrownBy(() -> LossTexts.parse(""));
    }
}
