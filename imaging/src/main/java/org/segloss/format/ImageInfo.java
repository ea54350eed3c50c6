package org.segloss.format;

import org.segloss.image.Geometry;

/// What an image file says of itself before its voxels are read.
public record ImageInfo(Geometry geometry, int channels) {}
