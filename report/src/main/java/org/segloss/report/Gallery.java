package org.segloss.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.segloss.image.Labels;
import org.segloss.report.Cases.Predicted;

/// The same slices of the same test cases for each loss: the three worst cases and the median one.
public record Gallery(List<Column> columns, List<Strip> strips) {
    private static final int WORST = 3;

    /// @param place in the order of the cases
    /// @param slice which one is shown, counted from 1, of how many
    public record Column(String id, String place, String mean, int slice, int slices) {}

    /// A loss's pictures, one for each column.
    public record Strip(String loss, List<Picture> pictures) {}

    /// @param source a data URI
    public record Picture(String source, int width, int height, String description, String score) {}

    /// @param ids the worst first
    static Gallery of(CaseSource cases, List<String> ids, CaseTable table) throws IOException {
        var chosen = new LinkedHashSet<>(ids.subList(0, Math.min(WORST, ids.size())));
        chosen.add(ids.get(ids.size() / 2));
        var columns = new ArrayList<Column>();
        List<List<Picture>> pictures = new ArrayList<>();
        table.losses().forEach(_ -> pictures.add(new ArrayList<>()));
        for (String id : chosen) {
            Predicted c = cases.read(id);
            Slice slice = Slice.middle(c.image(), c.reference(), c.ignored(), cases.inThreeDimensions());
            columns.add(new Column(
                    id,
                    place(ids.indexOf(id), ids.size()),
                    table.rows().get(ids.indexOf(id)).mean(),
                    slice.z() + 1,
                    c.image().geometry().z()));
            for (int i = 0; i < table.losses().size(); i++) {
                String loss = table.losses().get(i);
                Labels prediction = c.predictions().get(loss);
                pictures.get(i)
                        .add(new Picture(
                                slice.picture(prediction),
                                slice.width(),
                                slice.height(),
                                "%s, %s: errors on slice %d".formatted(loss, id, slice.z() + 1),
                                table.value(id, loss)));
            }
        }
        var strips = new ArrayList<Strip>();
        for (int i = 0; i < pictures.size(); i++) {
            strips.add(new Strip(table.losses().get(i), pictures.get(i)));
        }
        return new Gallery(columns, strips);
    }

    private static String place(int index, int cases) {
        return index == cases / 2
                ? "median"
                : List.of("worst", "second worst", "third worst").get(index);
    }
}
