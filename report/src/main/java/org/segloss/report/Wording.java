package org.segloss.report;

import java.util.Locale;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.MetricFamily;
import org.segloss.score.CaseScore;
import org.segloss.stat.Verdict;

/// What things are called in a report.
final class Wording {
    /// Beside a verdict on losses that had not converged.
    static final String UNSETTLED = "*";

    private Wording() {}

    static String verdict(Verdict verdict) {
        return switch (verdict) {
            case BETTER -> "better";
            case WORSE -> "worse";
            case EQUIVALENT -> "equivalent";
            case WITHIN_SEED_NOISE -> "within seed noise";
            case WITHIN_TRAINING_SET_NOISE -> "within training-set noise";
            case INCONCLUSIVE -> "undecided";
        };
    }

    /// {@return the verdict on `b` beside `a`, by that on `a` beside `b`}
    static Verdict turned(Verdict verdict) {
        return switch (verdict) {
            case BETTER -> Verdict.WORSE;
            case WORSE -> Verdict.BETTER;
            case EQUIVALENT, WITHIN_SEED_NOISE, WITHIN_TRAINING_SET_NOISE, INCONCLUSIVE -> verdict;
        };
    }

    /// The sign of a verdict, which tells them apart without colours.
    static String sign(Verdict verdict) {
        return switch (verdict) {
            case BETTER -> "▲";
            case WORSE -> "▼";
            case EQUIVALENT -> "=";
            case WITHIN_SEED_NOISE, WITHIN_TRAINING_SET_NOISE -> "~";
            case INCONCLUSIVE -> "?";
        };
    }

    /// The verdict's class in the style sheet.
    static String style(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Who found how p-values are adjusted.
    static String correction(ComparisonRules rules) {
        return rules.baseline().isPresent() ? "Holm" : "Shaffer";
    }

    /// An architecture as `experiment.yaml` names it, for people.
    static String network(String architecture) {
        return switch (architecture) {
            case "unet" -> "U-Net";
            case "resunet" -> "residual U-Net";
            case "attunet" -> "attention U-Net";
            case "vnet" -> "V-Net";
            default -> architecture;
        };
    }

    /// An optimizer as `experiment.yaml` names it, for people.
    static String optimizer(String optimizer) {
        return switch (optimizer) {
            case "adamw" -> "AdamW";
            case "sgd" -> "SGD";
            default -> optimizer;
        };
    }

    /// A metric as it stands in a sentence.
    static String metric(String metric) {
        return switch (metric) {
            case "dice" -> "Dice";
            case "iou" -> "IoU";
            default -> metric;
        };
    }

    static String metric(MetricFamily family) {
        return family.label().equals(CaseScore.MEAN)
                ? metric(family.metric())
                : "%s of class %s".formatted(metric(family.metric()), family.label());
    }
}
