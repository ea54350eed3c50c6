package org.segloss.stat;

import java.util.Map;

/// Where one loss stands.
///
/// @param mean over the units
/// @param median over the units
/// @param ranks by each method, 1 is the best
/// @param first the share of bootstrap samples of the units in which its mean is the best, or as good
/// @param rankRange the ranks that hold 95 % of those samples
public record Standing(
        String loss, double mean, double median, Map<RankingMethod, Integer> ranks, double first, Interval rankRange) {}
