package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.dataset.Dataset;
import org.segloss.format.ImageInfo;
import org.segloss.format.Images;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.Manifest;

/// How much memory a job takes at most, from the heads of its images and from its plan. Meant for asking a
/// scheduler for it, so rather too much than too little.
///
/// @param heap    bytes of Java's heap: the cases, and what the prediction of one of them takes
/// @param outside bytes outside of it: programs, features, weights
public record MemoryEstimate(long heap, long outside) {
    private static final long MEBIBYTE = 1 << 20;

    /// Of a program that trains nothing large: libtorch's and Java's own code and what they keep.
    private static final long PROGRAMS = 512 * MEBIBYTE;
    private static final long SMALL_HEAP = 128 * MEBIBYTE;

    /// As many times a step holds, at most, the features of one convolution at all levels: measured were 4 to
    /// 33 times, by network, precision and patch.
    private static final int FEATURES = 34;

    /// Weights, their gradient, two moments, their average, and what is written to a checkpoint.
    private static final int COPIES = 6;

    /// Patches that are drawn, changed and handed over, and what a loss keeps: arrays of a batch's size.
    private static final int BATCHES = 16;

    /// What the garbage collector needs beyond what is alive.
    private static final double ROOM = 1.25;

    /// Asked for is at least this, and a multiple of half of it.
    private static final int FEWEST_MEBIBYTES = 2048;

    /// {@return the estimate for the largest job of a run}
    ///
    /// @param data where the data set lies on this machine
    /// @throws IOException if the head of an image can't be read
    public static MemoryEstimate of(List<Job> jobs, Path data) throws IOException {
        Map<String, Dataset.Entry> entries = new HashMap<>();
        for (Dataset.Entry entry :
                Dataset.entries(data, Optional.of(jobs.getFirst().layout()))) {
            entries.put(entry.id(), entry);
        }
        TrainingPlan plan = jobs.getFirst().plan();
        Map<String, CaseSize> sizes = new HashMap<>();
        for (Manifest.Item item :
                jobs.stream().flatMap(job -> job.cases().stream()).distinct().toList()) {
            Dataset.Entry entry = entries.get(item.id());
            if (entry == null) {
                throw new IOException(
                        "%s has no case %s by now, which the run was made for".formatted(data, item.id()));
            }
            sizes.put(item.id(), CaseSize.of(Images.info(entry.image()), plan));
        }
        long heap = jobs.stream()
                .map(Job::split)
                .distinct()
                .mapToLong(split -> heap(split, sizes))
                .max()
                .orElseThrow();
        return new MemoryEstimate(
                SMALL_HEAP + (long) (ROOM * (heap + batches(plan))),
                PROGRAMS + features(plan) + weights(plan.network()));
    }

    /// Bytes of a case.
    ///
    /// @param read      image and labels as they are in the files
    /// @param prepared  on the network's grid, with a list of some of its voxels
    /// @param predicted what is there of a prediction and its scores
    private record CaseSize(long read, long prepared, long predicted) {
        static CaseSize of(ImageInfo info, TrainingPlan plan) {
            int channels = plan.network().inputs();
            long voxels = info.geometry().voxels();
            long resampled = Arrays.stream(plan.preprocessing().shape(info.geometry()))
                    .asLongStream()
                    .reduce(1, Math::multiplyExact);
            return new CaseSize(
                    voxels * (4L * channels + 1),
                    resampled * (4L * channels + 2),
                    resampled * 4 * (channels + plan.task().channels() + 1) + voxels * 24);
        }
    }

    private static long heap(Manifest.Fold split, Map<String, CaseSize> sizes) {
        long training = 0;
        for (String id : split.train()) {
            training += sizes.get(id).read + sizes.get(id).prepared;
        }
        for (String id : split.val()) {
            training += sizes.get(id).read;
        }
        long test = split.test().stream().mapToLong(id -> sizes.get(id).read).sum();
        long predicted = split.all().stream()
                .mapToLong(id -> sizes.get(id).predicted)
                .max()
                .orElse(0);
        return Math.max(training, test) + predicted;
    }

    private static long voxels(TrainingPlan plan) {
        return plan.patch().stream().mapToLong(Integer::longValue).reduce(plan.batch(), (a, b) -> a * b);
    }

    private static long batches(TrainingPlan plan) {
        return 4
                * BATCHES
                * voxels(plan)
                * (plan.network().inputs() + plan.task().channels());
    }

    private static long features(TrainingPlan plan) {
        NetworkPlan network = plan.network();
        long voxels = voxels(plan);
        long numbers = 0;
        for (int level = 0; level < network.levels(); level++) {
            voxels /= Arrays.stream(network.stride(level)).reduce(1, (a, b) -> a * b);
            numbers += voxels * network.channels(level);
        }
        return numbers * FEATURES * (plan.precision() == Precision.BFLOAT16 ? 2 : 4);
    }

    /// Two convolutions of each level on the way down and two on the way up, of which the first sees twice as
    /// many channels.
    private static long weights(NetworkPlan network) {
        long numbers = 0;
        for (int level = 0; level < network.levels(); level++) {
            long channels = network.channels(level);
            numbers += 5
                    * channels
                    * channels
                    * Arrays.stream(network.kernel(level)).reduce(1, (a, b) -> a * b);
        }
        return 4 * COPIES * numbers;
    }

    /// {@return how much a job that has its machine's memory for itself should have, in MiB}: the launcher
    /// gives Java one half of it, the rest is outside
    public int mebibytes() {
        long half = Math.ceilDiv(Math.max(heap, outside), MEBIBYTE);
        int step = FEWEST_MEBIBYTES / 2;
        return Math.toIntExact(Math.max(FEWEST_MEBIBYTES, Math.ceilDiv(2 * half, step) * step));
    }
}
