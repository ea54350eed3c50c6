/// Segmentation losses and metrics. Needs nothing but the JDK.
module org.segloss.core {
    // absent without --add-modules: the plain evaluator then takes over
    requires static jdk.incubator.vector;

    exports org.segloss.grid;
    // for the other modules of Segloss; it may change at any time
    exports org.segloss.kernel;
    exports org.segloss.loss;
    exports org.segloss.metric;
    exports org.segloss.random;

    uses org.segloss.loss.Loss.Leaf;
    uses org.segloss.metric.Metric;
}
