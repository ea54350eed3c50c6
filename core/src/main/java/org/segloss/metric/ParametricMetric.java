package org.segloss.metric;

/// A metric with a number of the user's in its definition, which is part of its name: `nsd@1` counts what is at most
/// 1 mm away. The parameter may be of any unit; the metric's constructor checks it.
public interface ParametricMetric extends Metric {

    /// {@return the number}
    double parameter();

    /// {@return what it is measured in, for people}
    String parameterUnit();

    /// {@return the same metric with another number}
    ///
    /// @throws IllegalArgumentException if the number makes no sense
    ParametricMetric with(double parameter);

    @Override
    default String id() {
        return name() + "@" + NumberText.of(parameter());
    }
}
