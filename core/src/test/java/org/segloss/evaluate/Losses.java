package org.segloss.evaluate;

import java.util.List;
import java.util.stream.Stream;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

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
            "lovasz(batch=true)",
            "ce + 0.5*lovasz - 0.25*topk(percent=70) + log1p(lovasz(batch=true))",
            "2*log1p(0.5*ce - 0.25*squaredDice + 1) - 0.125*tversky + 3",
            "ce(smoothing=0.2)",
            "ce(smoothing=0.2) + dice",
            "ce(background=false)",
            "focal(background=false, smoothing=0.1) + dice",
            "poly(weightBy=voxel, background=false, smoothing=0.2)",
            "focal(alpha=[], gamma=3, threshold=0.4)",
            "focal(smoothing=0.1)",
            "focal(reduction=normalized)",
            "focal(clip=0.05, reduction=normalized)",
            "focal(alpha=[], gamma=1.5, threshold=0.3, reduction=normalized) + dice",
            "asymmetricFocal",
            "asymmetricFocal(delta=0.7, gamma=0.5)",
            "dice(form=l1)",
            "dice(background=false)",
            "dice(batch=true, smoothNum=0)",
            "dice(classes=together)",
            "dice(absent=ignore)",
            "dice(absent=penalize)",
            "jaccard(form=l1, batch=true, classes=together)",
            "tversky(form=l1, background=false)",
            "focalTversky(powers=foreground, background=true)",
            "generalizedDice",
            "generalizedDice(weighting=simple, background=false, batch=true)",
            "generalizedDice(weighting=uniform, form=l1)",
            "penaltyDice",
            "sensitivitySpecificity",
            "sensitivitySpecificity(r=0.5, smooth=0.01, batch=true)",
            "mcc",
            "mcc(batch=true, smooth=0.001)",
            "logDice(gamma=0.3)",
            "pow(tversky, 0.75) + 0.5*pow(ce, 2)",
            "ramp(0.5, 2)*ce + dice",
            "lovasz(background=false)",
            "lovasz(absent=ignore)",
            "log1p(lovasz(absent=penalize)) + dice",
            "ohem",
            "ohem(threshold=0.3, minKept=3)",
            "powerCe",
            "boundary",
            "boundary(background=true, batch=true)",
            "hausdorff",
            "hausdorff(alpha=1, absent=ignore)",
            "log1p(hausdorff(background=true, weights=[])) + dice",
            "hausdorff(absent=penalize, batch=true)",
            "hausdorffErosion(iterations=2)",
            "hausdorffErosion(alpha=1, iterations=2, batch=true, background=true)",
            "ssim(window=3)",
            "ssim(window=3, k1=0.1, k2=0.2, batch=true, background=false) + dice",
            "msSsim(window=3, scales=[0.4, 0.6], k2=0.5)",
            "distanceCe",
            "clDice",
            "clDice(iterations=1, batch=true, classes=together)",
            "skeletonRecall",
            "borderCe(sigma=2)",
            "unifiedFocal",
            "unifiedFocal(form=symmetric)",
            "expLog",
            "combo(alpha=0.3, beta=0.8)");

    static final List<String> NOT_MULTICLASS =
            List.of("bce", "bce(clip=0.01)", "bce + log1p(dice)", "bce(posWeight=3)");

    static final List<String> MULTICLASS = List.of(
            "wassersteinDice",
            "wassersteinDice(weighting=gdl, batch=true)",
            "nacl",
            "nacl(distance=l2, kernel=gaussian)");

    static final List<Task> TASKS = List.of(Task.binary(), Task.multiclass(2), Task.multiclass(5), Task.multilabel(3));

    private Losses() {}

    /// {@return how many voxels a loss is given along an axis}: more than its windows have, those of the smallest scale
    /// too, and a part of a block
    static int edge(Loss loss) {
        String text = loss.text();
        return text.contains("msSsim") ? 8 : text.contains("ssim") || text.contains("Erosion") ? 4 : 1;
    }

    static Stream<Loss> of(Task task) {
        return Stream.concat(
                        ANY_TASK.stream(), (task.kind() == Task.Kind.MULTICLASS ? MULTICLASS : NOT_MULTICLASS).stream())
                .map(Loss::parse);
    }
}
