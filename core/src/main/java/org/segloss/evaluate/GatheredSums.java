package org.segloss.evaluate;

import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Scalar;

/// What a pass has gathered over one channel of one sample, as variables of a tape.
final class GatheredSums implements OverlapLoss.Sums {
    private Scalar py = Scalar.ZERO;
    private Scalar p = Scalar.ZERO;
    private Scalar pp = Scalar.ZERO;
    private Scalar falseNegatives = Scalar.ZERO;
    private Scalar falsePositives = Scalar.ZERO;
    private Scalar absolute = Scalar.ZERO;
    private double y;
    private double yy;
    private double voxels;

    // what #plus returns, made by its first call
    private GatheredSums both;

    private GatheredSums() {}

    /// Sums to differentiate by, all 0.
    GatheredSums(Scalar.Tape tape) {
        py = tape.variable(0);
        p = tape.variable(0);
        pp = tape.variable(0);
        falseNegatives = tape.variable(0);
        falsePositives = tape.variable(0);
        absolute = tape.variable(0);
    }

    void set(Sweep.Sums sums, int channel) {
        int at = channel * Sweep.Sums.EACH;
        py.set(sums.overlap[at]);
        p.set(sums.overlap[at + 1]);
        y = sums.overlap[at + 2];
        pp.set(sums.overlap[at + 3]);
        yy = sums.overlap[at + 4];
        boolean extra = sums.extra.length > 0;
        int extraAt = channel * Sweep.Sums.EXTRA;
        falseNegatives.set(extra ? sums.extra[extraAt] : 0);
        falsePositives.set(extra ? sums.extra[extraAt + 1] : 0);
        absolute.set(extra ? sums.extra[extraAt + 2] : 0);
        voxels = sums.kept;
    }

    @Override
    public OverlapLoss.Sums plus(OverlapLoss.Sums other) {
        if (both == null) {
            both = new GatheredSums();
        }
        both.py = py.plus(other.py());
        both.p = p.plus(other.p());
        both.pp = pp.plus(other.pp());
        both.falseNegatives = falseNegatives.plus(other.falseNegatives());
        both.falsePositives = falsePositives.plus(other.falsePositives());
        both.absolute = absolute.plus(other.absolute());
        both.y = y + other.y();
        both.yy = yy + other.yy();
        both.voxels = voxels + other.voxels();
        return both;
    }

    @Override
    public Scalar py() {
        return py;
    }

    @Override
    public Scalar p() {
        return p;
    }

    @Override
    public Scalar pp() {
        return pp;
    }

    @Override
    public Scalar falseNegatives() {
        return falseNegatives;
    }

    @Override
    public Scalar falsePositives() {
        return falsePositives;
    }

    @Override
    public Scalar absolute() {
        return absolute;
    }

    @Override
    public double y() {
        return y;
    }

    @Override
    public double yy() {
        return yy;
    }

    @Override
    public double voxels() {
        return voxels;
    }
}
