package org.segloss.cli.cluster;

import java.nio.file.Path;

/// A job array for Slurm that does the cells of a run.
final class SlurmScript {
    /// Slurm numbers tasks up to 1000 unless a cluster allows more (`MaxArraySize`). What is beyond is shared out.
    static final int MOST_TASKS = 1000;

    /// With what is said by the job and by Slurm. It has to be there when the job begins.
    static final String LOGS = "logs";

    /// Seconds before the time limit at which a training is told to end: it needs a few.
    private static final int BEFORE_LIMIT = 120;

    /// A requeued job begins after two minutes at the soonest; a cell may take a hundred time limits.
    private static final int MOST_REQUEUES = 100;

    private SlurmScript() {}

    /// @param launcher the script `segloss`
    static String text(CellJobs jobs, Path launcher) {
        int tasks = Math.min(jobs.cells(), MOST_TASKS);
        return """
                #!/bin/bash
                #
                # The cells of a comparison, 0 to %14$d, as a job array for Slurm, written by
                # 'segloss cell RUN --script slurm'.
                # With this text in the file cells.sbatch:
                #
                #   job=$(sbatch --parsable cells.sbatch)
                #   sbatch --dependency=afterany:$job --array=0 cells.sbatch collect
                #
                # What is given to sbatch counts more than what stands here: --time, --partition, --account, --mem=%2$dM,
                # or --array=0-%3$d%%20 for 20 at once. The same commands again do what is missing.
                #
                #SBATCH --job-name=segloss
                #SBATCH --array=0-%3$d
                #SBATCH --nodes=1
                #SBATCH --ntasks=1
                #SBATCH --cpus-per-task=%4$d
                #SBATCH --mem=%2$dM
                %5$s#SBATCH --requeue
                #SBATCH --signal=B:USR1@%6$d
                #SBATCH --open-mode=append
                #SBATCH --output=%7$s

                set -u
                segloss=%8$s
                run=%9$s
                more=(%10$s)
                cells=%1$d
                tasks=%11$d
                %12$s
                # Java takes half of the job's memory, and libtorch the rest.
                if [ -n "${SLURM_MEM_PER_NODE:-}" ]; then
                    export JDK_JAVA_OPTIONS="-Xmx$((SLURM_MEM_PER_NODE / 2))m ${JDK_JAVA_OPTIONS:-}"
                fi

                # Slurm sends USR1 before the time limit, and TERM when the job is cancelled or makes room for another one.
                # Both end the training with a checkpoint. After USR1 this task queues itself again.
                ending=
                busy=
                failed=0
                trap 'ending=limit; kill -TERM $! 2> /dev/null' USR1
                trap 'ending=stopped; kill -TERM $! 2> /dev/null' TERM

                # Runs segloss with these words. A signal ends bash's wait, but not yet the training.
                work() {
                    "$segloss" "$@" &
                    [ -z "$ending" ] || kill -TERM $!
                    local status
                    while
                        wait $!
                        status=$?
                        kill -0 $! 2> /dev/null
                    do :; done
                    case $status in
                        0) ;;
                        75) busy=yes ;;
                        143 | 130) [ -n "$ending" ] || ending=stopped ;;
                        *) failed=$status ;;
                    esac
                }

                if [ "${1:-}" = collect ]; then
                    work compare --config "$run/experiment.yaml" --out "$run"
                else
                    for ((cell = SLURM_ARRAY_TASK_ID; cell < cells; cell += tasks)); do
                        [ -n "$ending" ] || work cell "$run" "$cell" ${more[@]+"${more[@]}"}
                    done
                fi

                if [ "$ending" = limit ] || { [ -z "$ending" ] && [ -n "$busy" ]; }; then
                    if [ "${SLURM_RESTART_COUNT:-0}" -lt %13$d ]; then
                        scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && exit 75
                    fi
                    echo "not queued again after ${SLURM_RESTART_COUNT:-0} times; sbatch goes on with what is missing" >&2
                    exit 75
                fi
                [ -z "$ending" ] || exit 143
                exit "$failed"
                """.formatted(
                jobs.cells(),
                jobs.mebibytes(),
                tasks - 1,
                jobs.threads(),
                jobs.cuda() ? "#SBATCH --gres=gpu:1\n" : "",
                BEFORE_LIMIT,
                option(jobs.run().resolve(LOGS).toString().replace("%", "%%") + "/%A_%a.log"),
                ShellWord.quoted(launcher.toString()),
                ShellWord.quoted(jobs.run().toString()),
                jobs.elsewhere() ? "--data " + ShellWord.quoted(jobs.data().toString()) : "",
                tasks,
                jobs.classPath()
                        .map(path -> "export SEGLOSS_CLASSPATH=%s\n".formatted(ShellWord.quoted(path)))
                        .orElse(""),
                MOST_REQUEUES,
                jobs.cells() - 1);
    }

    /// {@return the text as sbatch reads it in a line of options}: in quotes, a backslash before what would end them
    private static String option(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }
}
