package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;

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
        var image = new LabelMap(Geometry.identity(6, 1, 1), new int[] {0, 1, 1, 2, 255, 2035});
        assertThat(LabelGroup.parse("1+255").getFirst().mask(image)).containsExactly(0, 1, 1, 0, 1, 0);
        assertThat(LabelGroup.parse("2035+0").getFirst().mask(image)).containsExactly(1, 0, 0, 0, 0, 1);
        assertThat(LabelGroup.anyLabel().mask(image)).containsExactly(0, 1, 1, 1, 1, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,liver | 'liver' in 'liver' is no label",
                "whole=1+ | '' in 'whole=1+' is no label",
                "1,1 | the class '1' is named twice",
                "-1 | labels are 0 or more, but -1 has [-1]",
                "mean=1 | can't be named 'mean'",
                "=1 | can't be named ''"
            })
    void aWrongListIsExplained(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelGroup.parse(text))
                .withMessageContaining(message);
    }
}
