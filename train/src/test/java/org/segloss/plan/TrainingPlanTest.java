package org.segloss.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.segloss.augment.Augmentation;
import org.segloss.fit.Toy;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.prep.Fingerprint;
import org.segloss.prep.Preprocessing;

/// The plan that a preset makes for data, and what a plan refuses.
class TrainingPlanTest {

    @Test
    void theAutomaticPlanTakesTheMedianShapeRoundedUp() {
        TrainingPlan space = TrainingPlan.automatic(
                Preset.QUICK,
                Overrides.NONE,
                List.of(Toy.plan("bce", 1).loss()),
                Task.binary(),
                Architecture.UNET,
                Fingerprint.of(
                        3,
                        1,
                        List.of(
                                Geometry.identity(400, 50, 35),
                                Geometry.identity(300, 48, 20),
                                Geometry.identity(200, 53, 36))),
                10,
                1,
                Machine.on("cpu"));
        assertThat(space.patch()).containsExactly(36, 52, 140);

        TrainingPlan plane = TrainingPlan.automatic(
                Preset.QUICK,
                Overrides.NONE,
                List.of(Loss.parse("ce")),
                Task.multiclass(4),
                Architecture.VNET,
                Fingerprint.of(2, 3, List.of(Geometry.identity(1000, 250, 1))),
                10,
                1,
                Machine.on("cpu"));
        assertThat(plane.patch()).containsExactly(1, 256, 256);
        assertThat(plane.network().inputs()).isEqualTo(3);
        assertThat(plane.network().kernels()).containsOnly(List.of(1, 3, 3));
        assertThat(plane.network().outputs()).isEqualTo(4);
    }

    private static TrainingPlan automatic(Geometry image) {
        return TrainingPlan.automatic(
                Preset.STANDARD,
                Overrides.NONE,
                List.of(Loss.parse("ce")),
                Task.multiclass(4),
                Architecture.UNET,
                Fingerprint.of(3, 1, List.of(image)),
                10,
                1,
                Machine.on("cpu"));
    }

    @Test
    void whichOfSeveralDevicesItIsChangesNothingThatIsKept() {
        TrainingPlan plan = automatic(Geometry.identity(64, 64, 64));
        TrainingPlan gpu = plan.on(Machine.on("cuda"));
        assertThat(gpu.at("cuda:1").device()).isEqualTo("cuda:1");
        assertThat(gpu.at("cuda:1").at("cuda:0").anywhere()).isEqualTo(gpu);
        assertThat(plan.at("cpu").anywhere()).isEqualTo(plan);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpu.at("cpu"))
                .withMessageContaining("this training computes on cuda, and can't on cpu");
    }

    @Test
    void slicesFarApartAreHalvedLateOrNeverAndLeaveRoomForALargePatch() {
        TrainingPlan heart = automatic(Geometry.scaled(256, 216, 10, 1.5, 1.5, 10));
        // 10 x 161 x 161 would be 64³ voxels; 10 mm against 1.5, 3 and 6
        assertThat(heart.patch()).containsExactly(10, 160, 160);
        assertThat(heart.network().strides()).containsExactly(List.of(1, 2, 2), List.of(1, 2, 2), List.of(2, 2, 2));
        assertThat(heart.network().heads()).isEqualTo(3);
        // until voxels are 6 mm wide
        assertThat(heart.network().kernels())
                .containsExactly(List.of(1, 3, 3), List.of(1, 3, 3), List.of(3, 3, 3), List.of(3, 3, 3));

        TrainingPlan few = automatic(Geometry.scaled(60, 64, 5, 1, 1, 1));
        assertThat(few.patch()).containsExactly(5, 64, 64);
        assertThat(few.network().strides()).containsOnly(List.of(1, 2, 2)).hasSize(3);
        assertThat(few.network().kernels()).containsOnly(List.of(3, 3, 3)).hasSize(4);

        TrainingPlan thick = automatic(Geometry.scaled(320, 320, 20, 0.6, 0.6, 10));
        assertThat(thick.network().kernels())
                .as("the coarsest level sees several slices, however thick")
                .containsExactly(List.of(1, 3, 3), List.of(1, 3, 3), List.of(1, 3, 3), List.of(3, 3, 3));

        TrainingPlan tall = automatic(Geometry.scaled(7, 7, 64, 1, 1, 4));
        assertThat(tall.network().strides()).containsOnly(List.of(2, 1, 1)).hasSize(3);
        assertThat(tall.network().kernels())
                .as("of edge 3 where voxels are halved, long as they are")
                .containsOnly(List.of(3, 3, 3));

        TrainingPlan whole = automatic(Geometry.scaled(35, 50, 36, 1, 1, 1));
        assertThat(whole.patch()).as("rounded up, for it wasn't cut").containsExactly(40, 56, 40);

        TrainingPlan thin = automatic(Geometry.scaled(240, 33, 33, 1, 1, 1));
        assertThat(thin.patch()).as("rounded up within 64³ voxels").containsExactly(40, 40, 160);

        TrainingPlan cube = automatic(Geometry.scaled(300, 512, 512, 1, 1, 1.9));
        assertThat(cube.patch()).containsExactly(64, 64, 64);
        assertThat(cube.network().strides()).containsOnly(List.of(2, 2, 2)).hasSize(3);
    }

    @Test
    void whatIsChosenTakesThePlaceOfWhatThePresetAndTheDataSay() {
        Recipe mirrored = new Recipe(
                Recipe.Optimizer.SGD, 1, new Augmentation.Plan(false, EnumSet.of(Augmentation.Axis.Y)), 0, true);
        TrainingPlan patch =
                chosen(2, overrides(Optional.of(List.of(1, 24, 40)), OptionalInt.empty(), Optional.of(mirrored)));
        assertThat(patch.patch()).containsExactly(1, 24, 40);
        assertThat(patch.network().strides())
                .as("from the patch: down to 6 x 5")
                .containsExactly(List.of(1, 2, 2), List.of(1, 2, 2), List.of(1, 1, 2));
        assertThat(patch.recipe()).isEqualTo(mirrored);

        Overrides odd = overrides(Optional.of(List.of(35, 51, 35)), OptionalInt.empty(), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(3, odd))
                .withMessageContaining("with 4 levels the edges of a patch are multiples of 8 x 8 x 8 (z, y, x)");

        Overrides deep = overrides(Optional.empty(), OptionalInt.of(40), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(3, deep))
                .withMessage("a network has at most 8 levels, not 40");

        TrainingPlan levels = chosen(3, overrides(Optional.empty(), OptionalInt.of(2), Optional.empty()));
        assertThat(levels.network().levels()).isEqualTo(2);
        assertThat(levels.patch()).as("a multiple of 2 by 2").containsExactly(30, 52, 80);
        assertThat(levels.recipe()).isEqualTo(Preset.STANDARD.recipe(3));

        Overrides z = overrides(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(new Recipe(
                        Recipe.Optimizer.SGD,
                        1,
                        new Augmentation.Plan(false, EnumSet.of(Augmentation.Axis.Z)),
                        0,
                        true)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(2, z))
                .withMessageContaining("2 dimensions can't mirror along z");
        Overrides huge = overrides(Optional.of(List.of(1024, 1024, 1024)), OptionalInt.empty(), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(3, huge))
                .withMessageContaining("2 patches of 1024 x 1024 x 1024 (z, y, x) is more than 1073741824 numbers");
    }

    private static Overrides overrides(Optional<List<Integer>> patch, OptionalInt levels, Optional<Recipe> recipe) {
        return new Overrides(Optional.empty(), patch, OptionalInt.empty(), OptionalInt.empty(), levels, recipe);
    }

    private static TrainingPlan chosen(int dimensions, Overrides overrides) {
        return TrainingPlan.automatic(
                Preset.STANDARD,
                overrides,
                List.of(Toy.plan("bce", 1).loss()),
                Task.binary(),
                Architecture.VNET,
                Fingerprint.of(dimensions, 1, List.of(Geometry.identity(80, 51, dimensions == 2 ? 1 : 29))),
                10,
                1,
                Machine.on("cpu"));
    }

    @Test
    void aPlanRefusesAPatchThatItsNetworkCannotHalve() {
        TrainingPlan plan = Toy.plan("bce", 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingPlan(
                        plan.loss(),
                        plan.task(),
                        new Preprocessing(Spacing.ONE),
                        plan.network(),
                        List.of(8, 12, 13),
                        1,
                        1,
                        Recipe.plain(plan.recipe().optimizer(), 1),
                        1,
                        "cpu",
                        1,
                        Precision.FLOAT32))
                .withMessage(
                        "with 2 levels the edges of a patch are multiples of 2 x 2 x 2 (z, y, x), but it is 8 x 12 x 13 (z, y, x); take another patch or fewer levels");
    }

    private static TrainingPlan automatic(String losses, Overrides overrides) {
        return TrainingPlan.automatic(
                Preset.STANDARD,
                overrides,
                Stream.of(losses.split(";")).map(Loss::parse).toList(),
                Task.multiclass(3),
                Architecture.UNET,
                Fingerprint.of(3, 1, List.of(Geometry.identity(35, 50, 36))),
                10,
                1,
                Machine.on("cpu"));
    }

    /// The third head of 40 x 56 x 40 has 10 x 14 x 10 voxels, and a window of ssim 11.
    @Test
    void aNetworkHasNoHeadThatIsTooSmallForOneOfTheLosses() {
        assertThat(automatic("ce;dice", Overrides.NONE).network().heads()).isEqualTo(3);
        assertThat(automatic("ce;ce + ssim", Overrides.NONE).network().heads()).isEqualTo(2);
        assertThat(automatic("ce;ce + ssim(window=21)", Overrides.NONE)
                        .network()
                        .heads())
                .isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> automatic("ce;msSsim", Overrides.NONE))
                .withMessageStartingWith("msSsim can't be trained with a patch of 40 x 56 x 40 (z, y, x): msSsim needs")
                .withMessageContaining("176 voxels");
        TrainingPlan three = automatic("ce", Overrides.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> three.suiting(
                        List.of(Loss.parse("ce"), Loss.parse("ssim")),
                        three.task(),
                        Fingerprint.of(3, 1, List.of(Geometry.identity(35, 50, 36))),
                        1))
                .withMessageContaining("and 3 heads, each on half the resolution of the one before: ssim needs");
    }
}
