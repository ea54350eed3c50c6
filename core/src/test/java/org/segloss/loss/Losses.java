package org.segloss.loss;

import java.util.List;
import java.util.stream.Stream;

/// The losses that family tests run over: every leaf, awkward parameters, trees.
final class Losses {
    static final List<String> ANY_TASK = List.of(
            "ce",
            "dice",
            "dice(smooth=0)",
            "squaredDice(smooth=1)",
            "tversky",
            "tversky(fp=1, fn=0.1, smooth=0.5)",
            "focal",
            "focal(alpha=0.6, gamma=0)",
            "focal(gamma=1, reduction=sum)",
            "focal(gamma=0.5)",
            "focal(gamma=3.5, clip=0.02)",
            "gce",
            "gce(q=1)",
            "poly",
            "poly(epsilon=-1)",
            "jaccard",
            "jaccard(smooth=0)",
            "focalTversky",
            "focalTversky(fp=0.5, fn=0.5, gamma=2, smooth=1)",
            "fbeta",
            "fbeta(beta=0.5)",
            "logDice",
            "logCoshDice",
            "ce + log1p(dice)",
            "log1p(ce)",
            "ce + dice + focal + tversky",
            "focal(alpha=0.9) + 2*dice - 0.5*focal(alpha=0)",
            "topk",
            "topk(percent=50)",
            "lovasz",
            "lovasz(scope=batch)",
            "ce + 0.5*lovasz - 0.25*topk(percent=70) + log1p(lovasz(scope=batch))",
            "2*log1p(0.5*ce - 0.25*squaredDice + 1) - 0.125*tversky + 3");

    static final List<String> NOT_MULTICLASS = List.of("bce", "bce(clip=0.01)", "bce + log1p(dice)");

    static final List<Task> TASKS = List.of(Task.binary(), Task.multiclass(2), Task.multiclass(5), Task.multilabel(3));

    private Losses() {}

    static Stream<Loss> of(Task task) {
        return Stream.concat(
                        ANY_TASK.stream(),
                        task.kind() == Task.Kind.MULTICLASS ? Stream.empty() : NOT_MULTICLASS.stream())
                .map(Loss::parse);
    }
}
