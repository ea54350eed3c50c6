package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bce | bce",
                "bce + log1p(dice) | bce-plus-log1p-dice",
                "tversky(fp=0.3, fn=0.6) | tversky-fp-0.3-fn-0.6",
                "2*dice - bce | 2-times-dice-minus-bce",
                "dice(smooth=1e-7) | dice-smooth-1e-7",
                "../Wild <name> | wild-name"
            })
    void aTextBecomesAFileName(String text, String slug) {
        assertThat(Slug.of(text)).isEqualTo(slug);
    }

    @Test
    void aLongTextIsCutAndStillTellsItselfFromAnother() {
        String beginning = "bce + ".repeat(40);
        assertThat(Slug.of(beginning + "dice"))
                .hasSizeLessThanOrEqualTo(80)
                .isNotEqualTo(Slug.of(beginning + "tversky"));
    }

    @Test
    void aTextWithoutALetterHasANameToo() {
        assertThat(Slug.of("***")).isNotEmpty().isNotEqualTo(Slug.of("()"));
    }

    @Test
    void lossesWithOneSlugHaveFoldersOfTheirOwn() {
        Map<String, LossFolder> folders =
                new RunFolder(Path.of("run")).losses(List.of("log1p(1) + dice", "log1p(1 + dice)", "bce"), 0, 7);
        assertThat(folders.get("log1p(1) + dice").root())
                .isNotEqualTo(folders.get("log1p(1 + dice)").root());
        assertThat(folders.get("bce").root()).isEqualTo(Path.of("run/bce/fold-0/seed-7"));
    }
}
