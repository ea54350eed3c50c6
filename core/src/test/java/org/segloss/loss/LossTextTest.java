package org.segloss.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.overlap.Tversky;
import org.segloss.loss.voxel.Bce;
import org.segloss.loss.voxel.Ce;

class LossTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bce",
                "bce(clip=1e-5)",
                "ce",
                "dice(smooth=1)",
                "squaredDice",
                "tversky(fp=0.5, smooth=0)",
                "focal(alpha=0.5, gamma=1.5, clip=1e-7, reduction=sum)",
                "bce + log1p(dice)",
                "ce + 0.5*dice(smooth=1) - 2*log1p(dice)",
                "-dice",
                "1 - dice",
                "-1 + 2*log1p(0.5*ce - 3)",
                "log1p(log1p(dice + dice))",
                "pow(tversky, 0.75)",
                "dice + ramp(0, 0.5)*(ce + focal)",
                "2*ramp(1, -1)*dice",
                "ramp(0, 1)*ramp(2, 3)*dice",
                "dice(smoothNum=0)",
                "dice(smoothNum=0, smoothDen=0.001)",
                "dice(form=l1, smooth=1, background=false, batch=true, classes=together)",
                "dice(absent=penalize, weights=[1, 2, 0.5])",
                "ce(smoothing=0.1, weights=[1, 4])",
                "focal(alpha=[])",
                "focal(alpha=[0.25, 1, 2])",
                "wassersteinDice(matrix=[[0, 1], [0.5, 0]])"
            })
    void canonicalTextPrintsAsItself(String text) {
        assertThat(Loss.parse(text).text()).isEqualTo(text);
        assertThat(Loss.parse(Loss.parse(text).text())).isEqualTo(Loss.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  bce+dice  | bce + dice",
                "dice(smooth=0.00001) | dice",
                "dice() | dice",
                "1*dice | dice",
                "dice*2 | 2*dice",
                "2*0.25*dice*2 | dice",
                "2*(ce - dice) | 2*ce - 2*dice",
                "ce - (dice - focal) | ce - dice + focal",
                "((dice)) | dice",
                "2*(1 + dice) | 2 + 2*dice",
                "+ dice | dice",
                "(1 + 1)*dice | 2*dice",
                "2*(1 - 0.5)*dice - (2 - 1) | dice - 1",
                "tversky(smooth=1, fp=0.3) | tversky(smooth=1)",
                "focal(reduction=mean, gamma=+2) | !",
                "1e2*dice | 100*dice",
                "1.5E-7*dice | 1.5e-7*dice",
                ".5*dice | 0.5*dice"
            })
    void otherSpellingsPrintCanonically(String text, String canonical) {
        if (canonical.equals("!")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text));
        } else {
            assertThat(Loss.parse(text).text()).isEqualTo(canonical);
            assertThat(Loss.parse(text)).isEqualTo(Loss.parse(canonical));
        }
    }

    @Test
    void codeAndTextMakeEqualLosses() {
        assertThat(new Bce().plus(new Dice(1e-5).log1p())).isEqualTo(Loss.parse("bce + log1p(dice)"));
        assertThat(new Ce().plus(-0.5, new Tversky(0.3, 0.7, 1e-5))).isEqualTo(Loss.parse("ce - 0.5*tversky"));
        Loss sum = new Ce().plus(new Dice(1)).times(2).plus(new Loss.Constant(1));
        assertThat(sum.text()).isEqualTo("2*ce + 2*dice(smooth=1) + 1");
    }

    private record Nameless() implements OverlapLoss {
        @Override
        public Scalar at(Sums sums) {
            return sums.p();
        }
    }

    /// What can't be read back is not printed as if it could.
    @Test
    void aLossWithoutANameHasNoText() {
        Loss sum = new Ce().plus(2, new Nameless());
        assertThatIllegalStateException()
                .isThrownBy(sum::text)
                .withMessageContainingAll(
                        Nameless.class.getName(), "has no name", "META-INF/services/org.segloss.loss.Loss$Leaf");
        assertThat(LossCatalog.label(sum)).isEqualTo("ce + 2*Nameless");
    }

    /// One list is read on a class path, the other on a module path.
    @ParameterizedTest
    @ValueSource(classes = {Loss.Leaf.class, Compound.class})
    void bothListsOfOurLossesAreTheSame(Class<?> service) throws IOException {
        List<String> file = Files.readAllLines(Path.of("src/main/resources/META-INF/services", service.getName()));
        List<String> module = LossCatalog.class.getModule().getDescriptor().provides().stream()
                .filter(provides -> provides.service().equals(service.getName()))
                .flatMap(provides -> provides.providers().stream())
                .toList();
        assertThat(module).isNotEmpty().isEqualTo(file);
        assertThat(LossCatalog.all().stream()
                        .map(entry -> entry.standard().getClass().getName())
                        .filter(file::contains))
                .isEqualTo(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dyce | unknown loss 'dyce'; known: bce, ce, focal | 0",
                "ce + dyce | unknown loss 'dyce' | 5",
                "dice(smoth=1) | unknown parameter 'smoth'; dice has: form, smooth, background | 5",
                "ce(x=1) | unknown parameter 'x'; ce has: background, smoothing, weights, weightBy | 3",
                "tversky(0.3, 0.7) | expected name=value, found '0'; tversky has: fp, fn, form, smooth | 8",
                "dice(smooth=-1) | smooth has to be a number of at least 0, but is -1 | 12",
                "dice(smooth=abc) | expected a number, found 'abc' | 12",
                "dice(smooth=1, smooth=2) | given twice | 15",
                "focal(reduction=max) | focal reduction is one of mean, sum, normalized, found 'max' | 16",
                "focal(alpha=2) | focal alpha has to be from 0 to 1, but is 2.0 | 0",
                "bce(clip=0.5) | bce clip has to be at least 0 and below 0.5 | 0",
                "tversky(fp=0, fn=0) | must not both be 0 | 0",
                "wassersteinDice(matrix=[1, 2]) | matrix is a list of lists, such as [[0, 1], [1, 0]], found '1' | 24",
                "dice(background=no) | dice background is true or false, found 'no' | 16",
                "dice(weights=[1 2]) | expected ']', found '2' | 16",
                "pow(dice) | expected ',', found ')' | 8",
                "pow(dice, 0) | an exponent has to be above 0, but is 0.0 | 0",
                "ramp(1)*dice | expected ',', found ')' | 6",
                "ce * dice | product of two losses | 5",
                "ce + | expected a loss or a number, found the end | 4",
                "(ce | expected ')', found the end | 3",
                "ce dice | expected '+', '-', '*' or the end, found 'd' | 3",
                "1e999*ce | too large | 0",
                "1e200*(1e200*dice) | a weight has to be finite | 18",
                "'' | expected a loss or a number, found the end | 0"
            })
    void aMistakeIsAnsweredWithWhatIsKnownAndWhere(String text, String message, int position) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loss.parse(text))
                .satisfies(e -> assertThat(e.getMessage()).contains(message))
                .satisfies(e -> assertThat(e.getMessage().lines().toList().getLast())
                        .isEqualTo(" ".repeat(4 + position) + "^"));
    }

    @Test
    void deepNestingIsRefusedAndOverflowsNoStack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loss.parse("(".repeat(100_000) + "ce"))
                .withMessageContaining("parentheses");
    }

    @Test
    void everyNamedLossSaysItsFormulaAndParametersAndReadsBack() {
        assertThat(LossCatalog.all()).allSatisfy(entry -> {
            assertThat(entry.about().formula()).isNotBlank();
            assertThat(entry.about().summary()).endsWith(".");
            assertThat(entry.about().range()).isNotBlank();
            assertThat(entry.about().use()).endsWith(".");
            assertThat(entry.about().avoid()).endsWith(".");
            assertThat(entry.about().source()).contains("http");
            assertThat(Loss.parse(entry.name())).isEqualTo(entry.loss());
            if (entry.kind() != LossCatalog.Kind.COMPOUND) {
                assertThat(entry.about().tex()).isNotBlank();
                assertThat(entry.loss().text()).isEqualTo(entry.name());
            }
            assertThat(entry.parameters())
                    .allSatisfy(p -> assertThat(p.meaning())
                            .as("%s %s", entry.name(), p.name())
                            .isNotBlank());
        });
        assertThat(LossCatalog.all().stream().map(LossCatalog.Entry::name)).doesNotHaveDuplicates();
    }
}
