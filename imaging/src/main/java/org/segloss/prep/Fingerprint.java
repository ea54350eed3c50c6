package org.segloss.prep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.image.Geometry;
import org.segloss.random.CounterRandom;

/// What is known of training images before a network is planned for them.
///
/// @param dimensions 2 or 3
/// @param channels   of each image
/// @param grids      of each image, once it is [cropped][Preprocessing#cropped]; at least one
/// @param scales     of those channels whose numbers mean the same in every image
public record Fingerprint(
        int dimensions, int channels, List<Geometry> grids, SortedMap<Integer, IntensityScale> scales) {
    /// How many voxels of each image decide a scale.
    private static final int VOXELS = 10_000;

    public Fingerprint {
        grids = List.copyOf(grids);
        scales = Collections.unmodifiableSortedMap(new TreeMap<>(scales));
    }

    /// {@return the fingerprint of images no channel of which has the scale of another image's}
    public static Fingerprint of(int dimensions, int channels, List<Geometry> grids) {
        return new Fingerprint(dimensions, channels, grids, Collections.emptySortedMap());
    }

    /// {@return the fingerprint of cases of a data set}
    ///
    /// The scale of a channel of computed tomography is that of its foreground in all cases, without what is
    /// ignored. Of a large foreground 10,000 voxels are drawn, one from each of as many stretches of it, so
    /// that no case decides the scale alone. Where all numbers are equal there is none.
    ///
    /// @see <a href="https://doi.org/10.1038/s41592-020-01008-z">Isensee, Jaeger, Kohl, Petersen and Maier-Hein
    ///     (2021), nnU-Net: a self-configuring method for deep learning-based biomedical image segmentation</a>
    public static Fingerprint of(Dataset dataset, List<Case> cases) {
        List<Geometry> grids = new ArrayList<>();
        var foregrounds = new TreeMap<Integer, List<float[]>>();
        // one look at each: a case may be read for it
        for (Case c : cases) {
            grids.add(Preprocessing.cropped(c.image()));
            for (int channel : dataset.tomography()) {
                foregrounds
                        .computeIfAbsent(channel, _ -> new ArrayList<>())
                        .add(foreground(c, channel, dataset.ignored()));
            }
        }
        var scales = new TreeMap<Integer, IntensityScale>();
        foregrounds.forEach((channel, ofCases) -> scale(ofCases).ifPresent(scale -> scales.put(channel, scale)));
        return new Fingerprint(dataset.dimensions(), dataset.channels(), grids, scales);
    }

    /// {@return the median, of an even count the larger of the two in the middle}: spacings and lengths that a network
    /// is planned by are then some image's own. The mean of 1 mm and 5 mm would fit neither half of the images.
    ///
    /// @param numbers at least one
    public static double upperMedian(DoubleStream numbers) {
        double[] sorted = numbers.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Optional<IntensityScale> scale(List<float[]> ofCases) {
        float[] all = new float[ofCases.stream().mapToInt(some -> some.length).sum()];
        int end = 0;
        for (float[] some : ofCases) {
            System.arraycopy(some, 0, all, end, some.length);
            end += some.length;
        }
        return all.length == 0 ? Optional.empty() : IntensityScale.of(all, 0, all.length);
    }

    private static float[] foreground(Case c, int channel, Set<Integer> ignored) {
        byte[] labels = c.label().values();
        float[] values = c.image().values();
        int[] places = IntStream.range(0, labels.length)
                .filter(i -> labels[i] != 0 && (ignored.isEmpty() || !ignored.contains(labels[i] & 0xFF)))
                .toArray();
        int count = Math.min(places.length, VOXELS);
        float[] some = new float[count];
        CounterRandom random = CounterRandom.of(0, "foreground", channel);
        for (int i = 0; i < count; i++) {
            // anywhere in the stretch: steps of one length may keep to a plane of the image
            int from = stretch(i, places.length, count);
            int place = places[from + random.nextInt(stretch(i + 1, places.length, count) - from)];
            some[i] = values[channel * labels.length + place];
        }
        return some;
    }

    private static int stretch(int number, int voxels, int stretches) {
        return (int) ((long) number * voxels / stretches);
    }
}
