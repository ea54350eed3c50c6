package org.segloss.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.segloss.file.Json;
import org.segloss.run.Manifest;
import org.segloss.run.RunFolder;
import org.segloss.run.RunSettings;

/// The learning curves of all trainings.
///
/// @param validation empty if nothing was validated
/// @param key        which colour is which loss
/// @param panels     the training loss of each loss
/// @param numbers    all of it as JSON that may stand in HTML
public record Curves(String validation, List<Key> key, List<Panel> panels, String numbers) {
    public record Key(String loss, String style) {}

    public record Panel(String loss, String svg) {}

    /// @param failed losses with a training that may have left nothing; they are not shown
    static Curves read(RunFolder folder, RunSettings settings, Manifest manifest, Set<String> failed)
            throws IOException {
        List<String> losses = settings.losses();
        int folds = manifest.folds().size();
        var all = new ArrayList<Curve>();
        for (String loss : losses) {
            if (failed.contains(loss)) {
                continue;
            }
            for (int fold = 0; fold < folds; fold++) {
                for (long seed : settings.seeds()) {
                    String run = "%s%s"
                            .formatted(
                                    folds > 1 ? "fold %d, ".formatted(fold) : "",
                                    folds * settings.seeds().size() > 1 ? "seed " + seed : "");
                    all.add(Curve.read(
                            loss, run, folder.losses(losses, fold, seed).get(loss)));
                }
            }
        }
        boolean validated = all.stream().anyMatch(curve -> !curve.validation().isEmpty());
        var key = new ArrayList<Key>();
        var panels = new ArrayList<Panel>();
        for (int i = 0; i < losses.size(); i++) {
            String loss = losses.get(i);
            if (failed.contains(loss)) {
                continue;
            }
            key.add(new Key(loss, "s" + i % 8));
            panels.add(new Panel(
                    loss,
                    CurvePlot.loss(
                                    all.stream()
                                            .filter(curve -> curve.loss().equals(loss))
                                            .toList(),
                                    i)
                            .svg()));
        }
        return new Curves(validated ? CurvePlot.validation(all, losses).svg() : "", key, panels, Json.inHtml(all));
    }
}
