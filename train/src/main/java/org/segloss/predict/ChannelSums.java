package org.segloss.predict;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

/// What windows add up to at each voxel of an image, channel by channel. All channels together may be more
/// numbers than an array has, and more than fit into memory.
final class ChannelSums {
    private final MemorySegment[] channels;

    private ChannelSums(MemorySegment[] channels) {
        this.channels = channels;
    }

    /// Zeros in memory, or where they would take more than some bytes in a file that has no name any more,
    /// which the system reads and writes as it has room.
    ///
    /// @throws IOException if there is no room for the file
    static ChannelSums of(int channels, int voxels, long mostInMemory) throws IOException {
        long bytes = Float.BYTES * (long) voxels;
        if (bytes * channels <= mostInMemory) {
            return new ChannelSums(IntStream.range(0, channels)
                    .mapToObj(_ -> MemorySegment.ofArray(new float[voxels]))
                    .toArray(MemorySegment[]::new));
        }
        Path file = Files.createTempFile("segloss-", ".sums");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            if (Files.getFileStore(file.getParent()).getUsableSpace() < bytes * channels) {
                throw new IOException(
                        "%s has no room for the %d bytes of probabilities of this image; set the system property java.io.tmpdir to a folder that has, or take a larger --spacing"
                                .formatted(file.getParent(), bytes * channels));
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes * channels, Arena.ofAuto());
            return new ChannelSums(IntStream.range(0, channels)
                    .mapToObj(c -> all.asSlice(c * bytes, bytes))
                    .toArray(MemorySegment[]::new));
        }
    }

    void add(int channel, int voxel, float value) {
        MemorySegment own = channels[channel];
        own.setAtIndex(ValueLayout.JAVA_FLOAT, voxel, own.getAtIndex(ValueLayout.JAVA_FLOAT, voxel) + value);
    }

    /// Divides all numbers of a voxel by the same, in every channel.
    void divide(float[] by) {
        for (MemorySegment own : channels) {
            for (int voxel = 0; voxel < by.length; voxel++) {
                own.setAtIndex(
                        ValueLayout.JAVA_FLOAT, voxel, own.getAtIndex(ValueLayout.JAVA_FLOAT, voxel) / by[voxel]);
            }
        }
    }

    /// {@return a channel's numbers}; the array is the caller's
    float[] of(int channel) {
        return channels[channel].toArray(ValueLayout.JAVA_FLOAT);
    }
}
