package org.segloss.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.segloss.experiment.Cell;
import org.segloss.experiment.CopiedCell;
import org.segloss.experiment.Executor;
import org.segloss.experiment.ParallelExecutor;
import org.segloss.file.FolderLock;
import org.segloss.file.Host;
import org.segloss.file.InputFile;
import org.segloss.file.ObjectUrl;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.store.ObjectStore;
import org.segloss.store.RunCopy;
import scala.Tuple2;

/// A cell as a task of Spark.
final class CellTask implements ParallelExecutor.Started {
    /// What Spark says of a task that no executor outlived.
    private static final Pattern LOST =
            Pattern.compile("failed (\\d+) times?, .*\\((\\S+) executor \\S+\\): ExecutorLostFailure .*Reason: (.*)");

    private static final String HADOOP = "spark.hadoop.";
    /// How Spark repeats what was thrown in an executor.
    private static final Pattern SAID = Pattern.compile(Pattern.quote(Failed.class.getName()) + ": (.*)");

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int TRY_AGAIN = 75;

    /// How a cell ended, as said by the executor that did it.
    ///
    /// @param status as of the command `cell`
    record Ended(int status, String reason) implements Serializable {}

    private final JavaFutureAction<List<Ended>> task;
    private final Executor.Order order;
    private final Optional<RunCopy> copy;
    private Optional<Ended> ended = Optional.empty();

    /// @param run  folder of the run, or its URL
    /// @param copy of the run here, if it lies in a store
    CellTask(JavaSparkContext context, String run, Executor.Order order, Optional<RunCopy> copy) {
        this.order = order;
        this.copy = copy;
        Function<Integer, Ended> cell = number -> done(run, number);
        context.setJobDescription("%s, seed %d, fold %d"
                .formatted(order.job().loss(), order.job().seed(), order.job().fold()));
        task = context.parallelize(List.of(order.number()), 1).map(cell).collectAsync();
    }

    /// Why a cell failed in an executor. Spark tries it on another one, and keeps this cell from this one: a
    /// disk may be full, memory scarce or a folder not mounted on one machine alone, which would fail one cell
    /// after the other.
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private Failed(String said) {
            super(said);
        }
    }

    /// In an executor.
    private static Ended done(String run, int number) throws Failed {
        String host = Host.here().name();
        try {
            if (ObjectUrl.isUrl(run)) {
                new CopiedCell(store(), ObjectUrl.parse(run), number)
                        .run(Optional.empty(), device(), Progress.silent());
            } else {
                new Cell(new RunFolder(Path.of(run)), number).run(Optional.empty(), device(), Progress.silent());
            }
            return new Ended(DONE, "");
        } catch (FolderLock.Busy | FolderLock.Lost e) {
            return new Ended(TRY_AGAIN, "%s: %s".formatted(host, e.getMessage()));
        } catch (IOException e) {
            throw new Failed("%s: %s".formatted(host, InputFile.message(e)));
        } catch (RuntimeException e) {
            throw new Failed("%s: %s".formatted(host, e.getMessage() == null ? e : e.getMessage()));
        }
    }

    /// {@return what knows stores, by the settings of this Spark}
    private static ObjectStore store() {
        var settings = new HashMap<String, String>();
        for (Tuple2<String, String> setting : SparkEnv.get().conf().getAllWithPrefix(HADOOP)) {
            settings.put(setting._1(), setting._2());
        }
        return ObjectStore.known().with(settings);
    }

    /// {@return the GPU that Spark gives the task, if any}
    private static Optional<String> device() {
        return Optional.ofNullable(TaskContext.get().resourcesJMap().get("gpu"))
                .map(gpus -> "cuda:" + gpus.addresses()[0]);
    }

    @Override
    public boolean isAlive() {
        return !task.isDone();
    }

    @Override
    public int status() {
        if (ended.isEmpty()) {
            ended = Optional.of(collected());
        }
        return ended.get().status;
    }

    @Override
    public String reason() {
        status();
        return ended.orElseThrow().reason;
    }

    /// What the executor has copied out is copied in here.
    private Ended collected() {
        Ended there = ended();
        if (there.status == DONE && copy.isPresent()) {
            try {
                copy.get().fetch(order.folder());
            } catch (IOException e) {
                return new Ended(FAILED, "it is done, but can't be copied in: " + InputFile.message(e));
            }
        }
        return there;
    }

    private Ended ended() {
        try {
            return task.get().getFirst();
        } catch (ExecutionException e) {
            return new Ended(FAILED, givenUp(String.valueOf(e.getCause().getMessage())));
        } catch (CancellationException _) {
            return new Ended(FAILED, "it was stopped");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Ended(FAILED, "interrupted");
        }
    }

    /// {@return in the user's words what Spark says of a task whose tries are used up}
    static String givenUp(String said) {
        Matcher ours = SAID.matcher(said);
        if (ours.find()) {
            return ours.group(1).strip();
        }
        Matcher lost = LOST.matcher(said);
        return lost.find()
                ? "Spark gave it up, for executors that did it ended %s times, the last one on %s (%s). Too little memory ends them: --spark-conf spark.executor.memory=8g and spark.executor.memoryOverhead=8g give more"
                        .formatted(lost.group(1), lost.group(2), lost.group(3).strip())
                : "Spark gave it up: " + said.lines().findFirst().orElse("");
    }

    @Override
    public void stop() {
        task.cancel(true);
    }

    @Override
    public void awaitEnd(Duration time) {
        // the executors end with the driver, each with a checkpoint
    }
}
