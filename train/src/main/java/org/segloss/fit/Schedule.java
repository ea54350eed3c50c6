package org.segloss.fit;

/// The learning rate over a training: up in a straight line over the first steps, then down.
///
/// ```
/// rate(t) = highest * min(1, (t + 1) / warmup) * (1 - t / steps)^0.9
/// ```
///
/// The warm-up, a tenth of the training but at most 50 steps, is there because the first gradients of an overlap
/// loss on a small organ mostly say "less foreground", and a network that follows them at full rate does not
/// come back.
record Schedule(double highest, int steps) {

    /// {@return the rate of step `t`, counted from 0}
    double rate(int t) {
        int warmup = Math.clamp(steps / 10, 1, 50);
        return highest * Math.min(1, (t + 1.0) / warmup) * Math.pow(1 - (double) t / steps, 0.9);
    }
}
