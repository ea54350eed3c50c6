package org.segloss.cluster;

import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.segloss.run.Progress;

/// Says how far the stage that Spark is at has come.
final class PartsDone extends SparkListener {
    private final String work;
    private final Progress progress;
    private int stage = -1;
    private int parts;
    private int done;

    PartsDone(String work, Progress progress) {
        this.work = work;
        this.progress = progress;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        stage = submitted.stageInfo().stageId();
        parts = submitted.stageInfo().numTasks();
        done = 0;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.stageId() == stage && end.reason() instanceof Success$) {
            done++;
            progress.at(work, (double) done / parts, "part %d of %d".formatted(done, parts));
        }
    }
}
