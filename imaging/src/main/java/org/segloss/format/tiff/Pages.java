package org.segloss.format.tiff;

/// What the pages of a file are.
///
/// @param planes  which page shows which slice of which channel, `(channel, slice)`; -1 where none does
/// @param spacing millimetres along x, y and z, NaN where the file doesn't say
/// @param times   whether the slices are said to be times
record Pages(int[][] planes, double[] spacing, boolean times) {

    /// {@return pages in the order of their axes}
    ///
    /// @param channelsFastest whether the next page is of the next channel, not of the next slice
    static Pages ordered(int channels, int slices, boolean channelsFastest, double[] spacing, boolean times) {
        int[][] planes = new int[channels][slices];
        for (int channel = 0; channel < channels; channel++) {
            for (int slice = 0; slice < slices; slice++) {
                planes[channel][slice] = channelsFastest ? slice * channels + channel : channel * slices + slice;
            }
        }
        return new Pages(planes, spacing, times);
    }

    int channels() {
        return planes.length;
    }

    int slices() {
        return planes[0].length;
    }
}
