package org.segloss.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// Which version this is, and which Java it needs.
final class Version implements IVersionProvider {
    private static final Runtime.Version LEAST = Runtime.Version.parse("25.0.3");

    /// {@return what is wrong with a Java version, and what to do}
    static Optional<String> check(Runtime.Version java) {
        if (java.compareToIgnoreOptional(LEAST) >= 0) {
            return Optional.empty();
        }
        return Optional.of(
                "this is Java %s, but 25.0.3 or later is needed (25.0.0 to 25.0.2 can corrupt arrays, JDK-8377811). Install a newer JDK 25, for example from https://adoptium.net, and point JAVA_HOME at it"
                        .formatted(java));
    }

    /// {@return which version this is}
    static String number() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"segloss " + number(), "Java " + Runtime.version()};
    }
}
