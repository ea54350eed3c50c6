package org.segloss.kernel;

/// Whether this JVM can run kernels on vector lanes. To be asked before a class is used that cannot be loaded without.
public final class VectorModule {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private VectorModule() {}

    public static boolean isPresent() {
        return PRESENT;
    }
}
