package org.segloss.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.file.Json.Difference;
import org.segloss.plan.Variants.Variant;
import tools.jackson.databind.node.ObjectNode;

/// Every setting of a plan stands in its JSON form, and comes back from it.
class PlanJsonTest {
    private static final TrainingPlan PLAN = Variants.PLAN;

    static List<Variant> variants() {
        return Variants.all();
    }

    /// As options are written: `network.learning-rate`.
    private static String name(String path) {
        return path.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void aPlanReadsAsItIsSaid() {
        assertThat(PlanJson.text(PLAN)).isEqualTo("""
                        {"loss":"ce + 0.5*dice(smooth=0.1)",\
                        "task":{"kind":"multiclass","classes":2,"ignored-labels":[7]},\
                        "labels":{"names":["background","label 1"],"numbers":[[0],[1]],"ignored":[7],"regions":[],"marking":"classes"},\
                        "preprocessing":{"spacing":{"z":3.0,"y":0.1,"x":0.3333333333333333},\
                        "scales":{"0":{"low":-1.0,"high":2.0,"mean":0.5,"deviation":0.1}}},\
                        "network":{"architecture":"resunet","dimensions":3,"inputs":2,"outputs":2,"width":4,\
                        "strides":[[1,2,2],[1,2,2]],"kernels":[[1,3,3],[1,3,3],[1,3,3]],"heads":2},\
                        "patch":[1,16,24],"batch":2,"steps":12,\
                        "recipe":{"optimizer":"adamw","learning-rate":0.003,\
                        "augmentation":{"changes":true,"mirrored":["y"]},"averaging":0.995,"mirrored-views":true},\
                        "seed":1,"device":"cpu","threads":1,"precision":"float32"}""");
        assertThat(PlanJson.read(PlanJson.text(PLAN), TrainingPlan.class)).isEqualTo(PLAN);
        assertThat(PlanJson.read(PlanJson.tree(PLAN), TrainingPlan.class)).isEqualTo(PLAN);
        assertThat(PlanJson.differences(PLAN, PLAN)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aSettingThatIsChangedShowsInTheFormAndComesBack(Variant variant) {
        TrainingPlan changed = variant.plan();
        assertThat(changed).isNotEqualTo(PLAN);
        assertThat(PlanJson.text(changed)).isNotEqualTo(PlanJson.text(PLAN));
        assertThat(PlanJson.read(PlanJson.text(changed), TrainingPlan.class)).isEqualTo(changed);
        assertThat(PlanJson.read(PlanJson.tree(changed), TrainingPlan.class)).isEqualTo(changed);
        assertThat(PlanJson.differences(PLAN, changed))
                .extracting(difference -> difference
                        .name()
                        .replaceAll("\\.scales\\..*", ".scales")
                        .replaceAll("^labels\\..*", "labels"))
                .contains(name(variant.settings().getFirst()))
                .isSubsetOf(settingsOf(variant));
    }

    private static List<String> settingsOf(Variant variant) {
        return variant.settings().stream().map(PlanJsonTest::name).toList();
    }

    @Test
    void differencesAreNamedByTheSettingWithBothValues() {
        Recipe slower = new Recipe(
                PLAN.recipe().optimizer(),
                0.001,
                PLAN.recipe().augmentation(),
                PLAN.recipe().averaging(),
                PLAN.recipe().mirroredViews());
        assertThat(PlanJson.differences(PLAN.recipe(), slower))
                .containsExactly(new Difference("learning-rate", "0.003", "0.001"))
                .hasToString("[learning-rate was 0.003, is 0.001]");
        assertThat(PlanJson.differences(PLAN.task(), PLAN.task().ignoring(3, 9)))
                .hasToString("[ignored-labels was [7], is [3,7,9]]");
    }

    @Test
    void whatIsNoPlanIsNamedWithItsPlace() {
        refuses("batch", null, "batch");
        refuses("batch", "many", "batch: ");
        refuses("steps", 1.7, "steps: ");
        refuses("precision", 0, "precision: ");
        refuses("loss", "dyce", "loss: unknown loss 'dyce'");
        refuses("colour", "red", "colour");
        refuses("patch", List.of(1, 16, 25), "multiples of 1 x 4 x 4 (z, y, x), but it is 1 x 16 x 25");
        ObjectNode less = PlanJson.tree(PLAN);
        less.remove("threads");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanJson.read(less, TrainingPlan.class))
                .withMessageContaining("threads");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanJson.read("{\"loss\":", TrainingPlan.class))
                .withMessageContaining("it ends before its last bracket");
    }

    private static void refuses(String setting, Object value, String message) {
        ObjectNode tree = PlanJson.tree(PLAN);
        tree.putPOJO(setting, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanJson.read(tree.toString(), TrainingPlan.class))
                .withMessageContaining(message);
    }
}
