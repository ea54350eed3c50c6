package org.segloss.dataset;

import java.nio.file.Path;

/// One thing that is wrong with a file or a data set, in the user's words.
///
/// @param file  where
/// @param found what is there
/// @param fix   what was expected, and what to do
public record Problem(Path file, String found, String fix) {}
