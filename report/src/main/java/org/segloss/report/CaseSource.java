package org.segloss.report;

import java.io.IOException;
import java.util.SortedSet;
import org.segloss.report.Cases.Predicted;
import org.segloss.score.IgnoredVoxels;

/// Where the cases that a report shows come from.
interface CaseSource {
    /// {@return the labels of references that say that nothing is known}
    SortedSet<Integer> ignored();

    boolean inThreeDimensions();

    /// @throws IOException if the case's files are missing or not those that were scored
    void check(String id) throws IOException;

    /// {@return how much of the references of all test cases says that nothing is known}
    ///
    /// @throws IOException if a case's files are missing or not those that were scored
    IgnoredVoxels ignoredVoxels() throws IOException;

    /// {@return a case with what each loss, or method, made of it}; of several seeds the first is taken
    Predicted read(String id) throws IOException;
}
