/// Segmentation losses and metrics. Needs nothing but the JDK.
// the module of training is compiled later
@SuppressWarnings("module")
module org.segloss.core {
    // absent without --add-modules: the plain evaluator then takes over
    requires static jdk.incubator.vector;

    exports org.segloss.grid;
    // it may change at any time
    exports org.segloss.kernel to
            org.segloss.imaging,
            org.segloss.train;
    exports org.segloss.loss;
    exports org.segloss.loss.voxel;
    exports org.segloss.loss.overlap;
    exports org.segloss.loss.ranked;
    exports org.segloss.loss.volume;
    exports org.segloss.loss.compound;
    exports org.segloss.evaluate;
    exports org.segloss.metric;

    uses org.segloss.loss.Loss.Leaf;
    uses org.segloss.metric.Metric;
    uses org.segloss.loss.Compound;

    // the same losses in the same order as in META-INF/services, which is read on a class path
    provides org.segloss.loss.Loss.Leaf with
            org.segloss.loss.voxel.Bce,
            org.segloss.loss.voxel.Ce,
            org.segloss.loss.voxel.Focal,
            org.segloss.loss.voxel.AsymmetricFocal,
            org.segloss.loss.voxel.Gce,
            org.segloss.loss.voxel.Poly,
            org.segloss.loss.voxel.PowerCe,
            org.segloss.loss.overlap.Dice,
            org.segloss.loss.overlap.SquaredDice,
            org.segloss.loss.overlap.Jaccard,
            org.segloss.loss.overlap.Tversky,
            org.segloss.loss.overlap.FocalTversky,
            org.segloss.loss.overlap.FBeta,
            org.segloss.loss.overlap.GeneralizedDice,
            org.segloss.loss.overlap.PenaltyDice,
            org.segloss.loss.overlap.WassersteinDice,
            org.segloss.loss.overlap.SensitivitySpecificity,
            org.segloss.loss.overlap.Mcc,
            org.segloss.loss.overlap.LogDice,
            org.segloss.loss.overlap.LogCoshDice,
            org.segloss.loss.ranked.Lovasz,
            org.segloss.loss.ranked.TopK,
            org.segloss.loss.ranked.Ohem,
            org.segloss.loss.volume.Boundary,
            org.segloss.loss.volume.Hausdorff,
            org.segloss.loss.volume.HausdorffErosion,
            org.segloss.loss.volume.DistanceCe,
            org.segloss.loss.volume.BorderCe,
            org.segloss.loss.volume.ClDice,
            org.segloss.loss.volume.SkeletonRecall,
            org.segloss.loss.volume.NeighborPenalty,
            org.segloss.loss.volume.Ssim,
            org.segloss.loss.volume.MsSsim;
    provides org.segloss.loss.Compound with
            org.segloss.loss.compound.DiceCe,
            org.segloss.loss.compound.DiceFocal,
            org.segloss.loss.compound.DiceTopk,
            org.segloss.loss.compound.Combo,
            org.segloss.loss.compound.UnifiedFocal,
            org.segloss.loss.compound.AnatomyNet,
            org.segloss.loss.compound.ArticleHybrid,
            org.segloss.loss.compound.ExpLog,
            org.segloss.loss.compound.Nacl;
}
