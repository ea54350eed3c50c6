package org.segloss.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.segloss.experiment.Cluster;
import org.segloss.experiment.Executor;
import org.segloss.experiment.ParallelExecutor;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.Outcome;
import org.segloss.run.RunFolder;
import org.segloss.store.RunCopy;

/// Does the jobs of a run in the executors of a Spark, each as a task of its own. Spark gives each a place, and another
/// one if its executor dies: the cell goes on there from its checkpoint. So it does where a cell fails, for what is
/// wrong may be that machine.
///
/// @param folder of the run, which all executors see
/// @param copy   where it lies in a store: then none does, and each copies what it needs
record SparkExecutor(Cluster.Address address, RunFolder folder, Optional<RunCopy> copy) implements Executor {
    /// Fewer than this needn't be told apart from those that wait.
    private static final int LEAST_AT_ONCE = 32;

    /// It is the workers' device.
    @Override
    public void require(String device) throws IOException {
        SparkSettings.of(address.url(), address.settings()).check();
    }

    @Override
    public List<Outcome> run(List<Order> orders) throws IOException {
        if (orders.isEmpty()) {
            return List.of();
        }
        SparkSettings settings = SparkSettings.of(address.url(), address.settings())
                .with(of(orders.getFirst().job().plan()));
        String run = copy.isPresent()
                ? copy.get().url().toString()
                : folder.root().toRealPath().toString();
        try (SparkSession spark = settings.session();
                JavaSparkContext context = new JavaSparkContext(spark.sparkContext())) {
            // a Spark in this program has no process for each
            int atOnce = context.isLocal() ? 1 : Math.max(LEAST_AT_ONCE, 2 * context.defaultParallelism());
            return new ParallelExecutor(atOnce, (order, _) -> new CellTask(context, run, order, copy)).run(orders);
        } catch (IllegalStateException e) {
            // all else that is wrong has been said of a cell
            throw settings.ended(e);
        }
    }

    /// {@return what a training takes}
    private static List<String> of(TrainingPlan plan) {
        var takes = new ArrayList<>(List.of(
                "spark.task.cpus=" + plan.threads(),
                // what a machine can't do is tried on others, and given up where there is none
                "spark.excludeOnFailure.enabled=true",
                "spark.excludeOnFailure.task.maxTaskAttemptsPerNode=3",
                "spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout=10s",
                // one training a process: libtorch has one number of threads for all
                "spark.executor.cores=" + plan.threads()));
        if (plan.device().startsWith("cuda")) {
            takes.addAll(List.of("spark.executor.resource.gpu.amount=1", "spark.task.resource.gpu.amount=1"));
        }
        return takes;
    }
}
