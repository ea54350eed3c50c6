package org.segloss.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// The passes over the voxels of a batch, by one of the twins.
///
/// The voxels are cut into chunks that depend on the shape alone, which workers take one after the other.
final class Passes {

    /// Blocks of a chunk at least: enough work to be handed to a thread.
    private static final int BLOCKS = 8;

    /// Chunks of a sample at most: few enough to add up.
    private static final int CHUNKS = 256;

    private final Batch batch;
    private final ScalarTree loss;
    private final Planes planes;
    private final Supplier<Sweep.Sums> makeSums;
    private final List<Sweep.Sums> chunks = new ArrayList<>();
    private final Workers<Sweep> workers;
    private boolean gathers;
    private boolean writes;

    Passes(Batch batch, ScalarTree loss, Planes planes, Supplier<Sweep.Sums> makeSums, Supplier<Sweep> makeSweep) {
        this.batch = batch;
        this.loss = loss;
        this.planes = planes;
        this.makeSums = makeSums;
        workers = new Workers<>(new Pool<>(makeSweep), this::work);
    }

    /// Evaluates the loss of the batch, and writes its gradient if it is asked for.
    void evaluate(double progress) {
        planes.begin();
        loss.begin(batch.shape().batch());
        if (batch.isOnePass()) {
            evaluateUnseen(progress);
        }
        pass(true, batch.isOnePass());
        for (int chunk = 0; chunk < count(); chunk++) {
            loss.gathered(chunk / ofASample()).add(chunks.get(chunk));
        }
        loss.evaluate(planes, progress);
        if (batch.hasGradient() && !batch.isOnePass()) {
            pass(false, true);
        }
    }

    /// As far as a loss is known of a batch in which every voxel counts.
    private void evaluateUnseen(double progress) {
        int samples = batch.shape().batch();
        for (int b = 0; b < samples; b++) {
            loss.gathered(b).kept = batch.voxels();
        }
        loss.evaluate(planes, progress);
        loss.begin(samples);
    }

    private void pass(boolean gathers, boolean writes) {
        this.gathers = gathers;
        this.writes = writes;
        for (int chunk = 0; gathers && chunk < count(); chunk++) {
            if (chunk == chunks.size()) {
                chunks.add(makeSums.get());
            }
            chunks.get(chunk).clear();
        }
        workers.run(count(), batch.threads());
    }

    private void work(Sweep sweep, int piece) {
        // pass 2 goes back, for what pass 1 has seen last is still in the caches
        int chunk = gathers ? piece : count() - 1 - piece;
        int sample = chunk / ofASample();
        long start = chunk % ofASample() * size();
        long end = Math.min(start + size(), batch.voxels());
        for (long from = start; from < end; from += Sweep.BLOCK) {
            sweep.load(sample, from, (int) Math.min(Sweep.BLOCK, end - from), gathers);
            if (gathers) {
                sweep.gather(chunks.get(chunk));
            }
            if (writes) {
                sweep.gradient(loss);
            }
        }
    }

    /// {@return the chunks of the batch}
    private int count() {
        return Math.multiplyExact(batch.shape().batch(), ofASample());
    }

    private int ofASample() {
        return Math.toIntExact(Math.ceilDiv(batch.voxels(), size()));
    }

    /// {@return the voxels of a chunk, but for the last of a sample}
    private long size() {
        return Math.max(BLOCKS, Math.ceilDiv(batch.voxels(), (long) CHUNKS * Sweep.BLOCK)) * Sweep.BLOCK;
    }
}
