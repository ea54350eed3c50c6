package org.segloss.decide;

import java.util.Arrays;

/// What is said of each voxel of an image, class by class: all classes of a large one at once may not fit into memory.
public interface Probabilities {

    /// {@return 1 for the foreground alone, else how many classes there are, the background first}
    int channels();

    /// {@return how many voxels the image has}
    int voxels();

    /// {@return the probability of one channel at each voxel, from 0 to 1}; the array is the caller's
    float[] of(int channel);

    /// {@return the first channel that is no background}
    default int firstForeground() {
        return channels() == 1 ? 0 : 1;
    }

    /// {@return all of them, `(channel, voxel)`}
    ///
    /// @throws ArithmeticException if they are more than an array holds
    default float[] all() {
        float[] all = new float[Math.multiplyExact(channels(), voxels())];
        for (int c = 0; c < channels(); c++) {
            System.arraycopy(of(c), 0, all, c * voxels(), voxels());
        }
        return all;
    }

    /// {@return the probabilities in an array}
    ///
    /// @param values `(channel, voxel)`
    static Probabilities of(int channels, float[] values) {
        if (channels < 1 || values.length % channels != 0) {
            throw new IllegalArgumentException(
                    "%d numbers are not %d for each voxel".formatted(values.length, channels));
        }
        int voxels = values.length / channels;
        return new Probabilities() {
            @Override
            public int channels() {
                return channels;
            }

            @Override
            public int voxels() {
                return voxels;
            }

            @Override
            public float[] of(int channel) {
                return Arrays.copyOfRange(values, channel * voxels, (channel + 1) * voxels);
            }
        };
    }
}
