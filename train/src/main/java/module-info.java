/// What a training is, networks, training and prediction, on libtorch. The libraries of a platform are modules of their
/// own, such as `org.bytedeco.pytorch.linux.x86_64`, or lie on the class path.
module org.segloss.train {
    requires java.desktop;
    // absent without --add-modules: plain loops then take over
    requires static jdk.incubator.vector;
    requires org.bytedeco.pytorch;
    requires transitive org.segloss.imaging;

    exports org.segloss.events;
    exports org.segloss.fit;
    exports org.segloss.net;
    exports org.segloss.plan;
    exports org.segloss.predict;
    exports org.segloss.torch;
}
