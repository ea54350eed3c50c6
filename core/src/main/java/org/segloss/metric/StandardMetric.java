package org.segloss.metric;

/// What our metrics without a parameter say of themselves. There is one of each, so that they are equal as they are.
abstract class StandardMetric implements Metric {
    private final String name;
    private final Better better;
    private final WhereEmpty whereEmpty;
    private final String definition;

    StandardMetric(String name, Better better, WhereEmpty whereEmpty, String definition) {
        this.name = name;
        this.better = better;
        this.whereEmpty = whereEmpty;
        this.definition = definition;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Better better() {
        return better;
    }

    @Override
    public final WhereEmpty whereEmpty() {
        return whereEmpty;
    }

    @Override
    public final String definition() {
        return definition;
    }

    @Override
    public final String toString() {
        return id();
    }
}
