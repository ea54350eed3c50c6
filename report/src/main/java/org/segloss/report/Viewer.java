package org.segloss.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.segloss.file.Json;
import org.segloss.image.Geometry;
import org.segloss.report.Cases.Predicted;

/// The cases to leaf through.
///
/// @param index what the script knows of them, as JSON that may stand in HTML
/// @param packs each case's voxels: the image, the reference, then each loss's prediction
/// @param rule  which voxels are shown, if not all are; otherwise empty
public record Viewer(String index, List<String> packs, String rule) {
    /// Cases in a page.
    static final int MOST = 50;
    /// Voxels in a page: as an image that doesn't compress they take 4/3 of this in bytes.
    private static final long VOXELS = 15_000_000;

    private static final long VOXELS_OF_A_CASE = 1_500_000;

    /// @param spacing of the voxels that are shown, in mm, (x, y, z)
    record Entry(String id, int[] shape, double[] spacing, String part, List<String> scores) {}

    /// @param ignored labels of references that say that nothing is known
    record Index(List<String> losses, String metric, boolean volume, SortedSet<Integer> ignored, List<Entry> cases) {}

    /// @param ids the worst first
    static Viewer of(CaseSource cases, List<String> ids, CaseTable table, String metric) throws IOException {
        List<String> shown = Cases.spread(ids, MOST);
        long most = most(shown.size());
        var entries = new ArrayList<Entry>();
        var packs = new ArrayList<String>();
        boolean anyPart = false;
        for (String id : shown) {
            Predicted c = cases.read(id);
            Geometry grid = c.image().geometry();
            Voxels voxels = Voxels.of(grid, c.labels(), most);
            anyPart |= voxels.isPart(grid);
            packs.add(String.join(
                    " ",
                    Stream.concat(
                                    Stream.of(voxels.image(c.image()), voxels.labels(c.reference())),
                                    c.predictions().values().parallelStream().map(voxels::labels))
                            .toList()));
            double[] spacing = grid.spacing();
            for (int axis = 0; axis < 3; axis++) {
                spacing[axis] *= voxels.step()[axis];
            }
            entries.add(new Entry(
                    id,
                    voxels.shape(),
                    spacing,
                    voxels.isPart(grid) ? "part of %s voxels".formatted(grid.shapeText()) : "",
                    table.losses().stream().map(loss -> table.value(id, loss)).toList()));
        }
        var index = new Index(table.losses(), metric, cases.inThreeDimensions(), cases.ignored(), entries);
        return new Viewer(Json.inHtml(index), packs, rule(ids, anyPart));
    }

    /// {@return how many voxels each of so many cases may have}
    static long most(int cases) {
        return Math.min(VOXELS_OF_A_CASE, VOXELS / Math.max(1, cases));
    }

    private static String rule(List<String> ids, boolean part) {
        String some = ids.size() > MOST
                ? "Of %d test cases %d are here, evenly from the worst to the best. ".formatted(ids.size(), MOST)
                : "";
        return part
                ? some
                        + "Large images are cropped to what the reference or a prediction holds, with 12 voxels around it, and where that is still too large every second, third … voxel is shown; scores are those of the whole image."
                : some.strip();
    }
}
