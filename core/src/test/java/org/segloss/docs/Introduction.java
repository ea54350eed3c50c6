package org.segloss.docs;

import java.lang.reflect.RecordComponent;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.loss.Loss;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.TargetOptions;

/// What the page says before it comes to single losses.
final class Introduction {
    /// The place of the common options.
    static final String OPTIONS = "options-that-mean-the-same-everywhere";

    private static final String TEXT = """
            <!-- Written from the catalogue in the code: change that, and see CONTRIBUTING.md for how to write this anew. -->

            # Losses

            All losses with their formulas, parameters and pictures. In the terminal there is the same without pictures:

                ./segloss losses
                ./segloss losses tversky

            - [How to read the formulas](#how-to-read-the-formulas)
            - [How losses combine](#how-losses-combine)
            - [Options that mean the same everywhere](#options-that-mean-the-same-everywhere)
            - [What the plots show](#what-the-plots-show)

            """;

    private static final String FORMULAS = """
            ## How to read the formulas

            $`p`$ is the probability that the network gives a class at a voxel, the sigmoid or the softmax of its logits
            $`z`$. $`y`$ is the target there: 1 where the class is, 0 elsewhere, or a probability. Every loss is to be
            minimized.

            - A **voxel** loss is the mean of its formula over all voxels, in a binary or multilabel task over all channels
              too. $`\\sum_c`$ is over the outcomes of a voxel: the classes of a multiclass task, or background and foreground
              of a binary task or of a channel of a multilabel one. $`p_t`$ is the probability of a voxel's true class.
            - In an **overlap** loss a sum without an index is over the voxels of one class in one sample, with
              $`TP=\\sum py`$, $`FP=\\sum p-TP`$, $`FN=\\sum y-TP`$, and $`TN`$ the rest. The loss is the mean over classes and
              samples. $`s`$ is `smooth`: `smooth=1` adds 1 to numerator and denominator, `smoothNum` and `smoothDen`
              set one of them.
            - **Ranked** and **volume** losses see a class of a sample whole, of $`N`$ voxels. $`d`$ is a distance from the
              target's border, $`d_p`$ one from the prediction's; in voxels, unless the target says how large these are.

            Below each formula it stands as text, with the names of the parameters. Voxels that are masked out or carry the ignored label are in none of the sums and counts, and make no border to those beside them: to losses that know where voxels lie they are unknown, and of no class.
            """;

    private static final String COMBINING = """
            ## How losses combine

            A loss is named by a text. Parameters that aren't named have their defaults; a list is written `[1, 2]`.

            | text | what it is |
            |---|---|
            %s

            A **compound** is a name for such an expression, and is gone once it is read: what is evaluated, printed and
            stored is the expression. A sum costs hardly more than its costliest part, for all parts share their passes
            over the voxels.
            """;

    private static final String PLOTS = """
            ## What the plots show

            Each loss has its defaults, in an image of 16 x 16 voxels with a square of foreground, as a binary task (with two
            classes where a loss takes no binary task). The two lines have axes of their own, and neither axis has to begin at 0.

            - **Left**: the square is 8 x 8, the network gives foreground a probability of 0.9 and background one of 0.1, and
              one voxel in the middle of the foreground goes from 0 to 1. The orange line is the derivative by its logit:
              how hard it is pulled. Where it is below 0, a step of training raises the probability.
            - **Right**: the square grows from 1 to 12 voxels a side, with probabilities of 0.7 and 0.3. The orange line adds the
              derivatives by all logits of the foreground class, without their signs: how hard the whole image is pulled. The
              axis below is that of a square root.

            A loss that keeps a least number of voxels keeps them all in so small an image.
            """;

    private Introduction() {}

    /// {@return what comes before the index}
    static String before() {
        return TEXT.strip();
    }

    /// {@return what comes after it: how to read the sections}
    static String after() {
        return String.join("\n", FORMULAS, COMBINING.formatted(examples()), options(), PLOTS)
                .stripTrailing();
    }

    private static String examples() {
        return Stream.of(
                        example("tversky(fp=0.3, fn=0.7)", "a loss with parameters"),
                        example("ce + 0.5*dice(smooth=1)", "a weighted sum, or with `-` a difference"),
                        example("bce + log1p(dice)", "`log1p(...)` is the logarithm of one plus a loss"),
                        example("pow(dice, 2)", "a power"),
                        example("1 + boundary", "a constant shifts the value, never the gradient"),
                        example(
                                "generalizedDice + ramp(0, 1)*boundary",
                                "a factor that goes from 0 at the first step of a training to 1 at the last"))
                .collect(Collectors.joining("\n"));
    }

    private static String example(String text, String meaning) {
        Loss.parse(text); // or throws
        return "| `%s` | %s |".formatted(text, meaning);
    }

    private static String options() {
        return """
                ## Options that mean the same everywhere

                Most **voxel** losses have these, for what they make of the target. The divisor of the mean is the sum of
                the voxels' weights, so that the scale of `weights` doesn't matter.

                %s

                Most losses of a class, **overlap**, **ranked** and **volume**, have these, for over what they are averaged.
                An option drops a class from the mean, never from the softmax.

                %s

                In a list of weights each class has one; in a binary task these are background and foreground. `[]` is all alike.

                `background` changes nothing in a binary or multilabel task, whose channels are all of foreground: MONAI, too, leaves
                nothing out of a single channel for `include_background=False`. `bce`, which is for these tasks alone, refuses
                `background=false`. `topk`, `ohem`, `distanceCe`, `borderCe` and `wassersteinDice` have no such option, and say why
                where it is asked for.

                **A trap**: where `smoothing` and `weights` meet, PyTorch's formula, `weightBy=term`, lets the share that smoothing
                gives a heavy class weigh heavily in the voxels of all others. With weights of 1, 1 and 50 and a smoothing of 0.1 the
                loss of a voxel of class 0 is least where class 2 is the most probable. `weightBy=voxel` weighs a voxel by its true
                class and keeps the least where it belongs. `posWeight` and `smoothing` of `bce` meet alike.
                """.formatted(table(TargetOptions.class), table(Reduction.class));
    }

    private static String table(Class<? extends Record> options) {
        return Stream.of(options.getRecordComponents())
                .map(option -> "| `%s` | %s |".formatted(option.getName(), meaning(option)))
                .collect(Collectors.joining("\n", "| option | meaning |\n|---|---|\n", ""));
    }

    private static String meaning(RecordComponent option) {
        return Section.text(option.getAnnotation(Meaning.class).value());
    }
}
