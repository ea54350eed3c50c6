package org.segloss.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;

/// One score for each case, where several trainings scored it: the mean over the seeds.
final class SeedMeans {
    private SeedMeans() {}

    private record Key(String loss, String id, String label, Metric metric) {}

    /// {@return the rows with one seed's worth of scores}; NaN where one is, with the first status that isn't OK
    static List<ScoreRow> of(List<ScoreRow> rows) {
        Map<Key, List<ScoreRow>> same = new LinkedHashMap<>();
        for (ScoreRow row : rows) {
            CaseScore s = row.score();
            same.computeIfAbsent(new Key(row.loss(), s.id(), s.label(), s.metric()), _ -> new ArrayList<>())
                    .add(row);
        }
        return same.values().stream().map(SeedMeans::mean).toList();
    }

    private static ScoreRow mean(List<ScoreRow> rows) {
        ScoreRow first = rows.getFirst();
        double sum = 0;
        Status status = Status.OK;
        for (ScoreRow row : rows) {
            sum += row.score().score().value();
            status = status == Status.OK ? row.score().score().status() : status;
        }
        CaseScore s = first.score();
        return new ScoreRow(
                first.loss(),
                first.fold(),
                first.seed(),
                new CaseScore(s.id(), s.label(), s.metric(), new Score(sum / rows.size(), status)),
                first.group());
    }
}
