package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.segloss.loss.Loss;

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
    void nothingBetweenCommasIsNoLoss() {
        assertThatIllegalArgumentException().isThrownBy(() -> LossTexts.parse("bce,,dice"));
        assertThatIllegalArgumentException().isThrownBy(() -> LossTexts.parse(""));
    }
}
