package org.segloss.loss;

/// Whether this JVM can run the vector kernels.
final class VectorModule {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    static {
        if (!PRESENT) {
            System.getLogger(LossEvaluator.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "losses run on the plain evaluator, which is many times slower: start Java with --add-modules jdk.incubator.vector");
        }
    }

    private VectorModule() {}

    static boolean isPresent() {
        return PRESENT;
    }
}
