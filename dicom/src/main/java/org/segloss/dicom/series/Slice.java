package org.segloss.dicom.series;

/// One slice of an image: a frame of a file.
public record Slice(ImageHeader header, ImageHeader.Frame frame) {}
