package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;

class LabelGroupTest {

    @Test
    void labelsStandAloneTogetherAndWithAName() {
        assertThat(LabelGroup.parse("1, 2+3, whole = 1+2+255"))
                .containsExactly(
                        new LabelGroup("1", new TreeSet<>(Set.of(1))),
                        new LabelGroup("2+3", new TreeSet<>(Set.of(2, 3))),
                        new LabelGroup("whole", new TreeSet<>(Set.of(1, 2, 255))));
    }

    @Test
    void aMaskHasTheLabelsOfTheGroup() {
        var image = new Labels(Geometry.identity(4, 1, 1), new byte[] {0, 1, 2, (byte) 255});
        assertThat(LabelGroup.parse("1+255").getFirst().mask(image)).containsExactly(0, 1, 0, 1);
        assertThat(LabelGroup.anyLabel().mask(image)).containsExactly(0, 1, 1, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,liver | 'liver' in 'liver' is no label",
                "whole=1+ | '' in 'whole=1+' is no label",
                "1,1 | the class '1' is named twice",
                "256 | labels are from 0 to 255",
                "mean=1 | can't be named 'mean'",
                "=1 | can't be named ''"
            })
    void aWrongListIsExplained(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelGroup.parse(text))
                .withMessageContaining(message);
    }
}
