package org.segloss.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.run.Slug;
import tools.jackson.databind.json.JsonMapper;

/// An indexed Job for Kubernetes that does the cells of a run.
final class KubernetesManifest {
    /// A name that no image and no claim can have.
    static final String MISSING = "REPLACE-THIS";

    /// A training's checkpoint takes seconds.
    private static final int GRACE_SECONDS = 120;

    /// More pods than this at once are asked for by whoever knows the cluster.
    private static final int AT_ONCE = 20;

    /// A pod's name has the job's, a number and five letters more, and no more than 63 in all.
    private static final int LONGEST_NAME = 50;

    private static final JsonMapper JSON = new JsonMapper();

    private KubernetesManifest() {}

    /// @param image  with the program `segloss` on its path
    /// @param claims of the volumes, in the order in which they are needed, as far as somebody says
    /// @throws IOException if a folder isn't there
    static String text(CellJobs jobs, Optional<String> image, List<String> claims) throws IOException {
        Path run = jobs.run().toRealPath();
        Path data = Files.exists(jobs.data()) ? jobs.data().toRealPath() : jobs.data();
        var arguments = new ArrayList<>(List.of(run.toString()));
        if (jobs.elsewhere() || !data.equals(jobs.data())) {
            arguments.addAll(List.of("--data", data.toString()));
        }
        Map<Path, String> volumes = volumes(run, data);
        String name = name(run);
        return """
                # The cells of a comparison, 0 to %14$d, as an indexed Job for Kubernetes 1.29 or later, written by
                # 'segloss cell RUN --script kubernetes'. With this text in the file cells.yaml:
                #
                #   kubectl apply -f cells.yaml
                #   kubectl wait --for=condition=complete --timeout=-1s job/%2$s
                #
                # and then, wherever the run's folder is seen, segloss compare --config RUN/experiment.yaml --out RUN.
                # That does what is missing, too.
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: %2$s
                spec:
                  completionMode: Indexed
                  completions: %1$d
                  # how many at once; may be changed while it runs
                  parallelism: %3$d
                  # a cell that fails so often is given up, and the others go on
                  backoffLimitPerIndex: 3
                  podFailurePolicy:
                    rules:
                      # a wrong call, or data that are not what they were: the same again would end the same
                      - action: FailIndex
                        onExitCodes:
                          containerName: cell
                          operator: In
                          values: [2]
                      # another program does the cell, or did it on a machine that was lost: later
                      - action: Ignore
                        onExitCodes:
                          containerName: cell
                          operator: In
                          values: [75]
                      # the pod had to go, because its node is drained for example
                      - action: Ignore
                        onPodConditions:
                          - type: DisruptionTarget
                            status: "True"
                  template:
                    spec:
                      restartPolicy: Never
                      # a training that is told to end writes its checkpoint
                      terminationGracePeriodSeconds: %4$d
                %5$s      containers:
                        - name: cell
                          image: %6$s
                          command:
                            - sh
                            - -c
                            - exec segloss cell "$@" "$JOB_COMPLETION_INDEX"
                            - segloss
                %7$s          env:
                            - name: HOME
                              value: /tmp
                %8$s          resources:
                            requests:
                              cpu: %9$d
                              memory: %10$dMi
                %11$s            limits:
                              cpu: %9$d
                              memory: %10$dMi
                %11$s          volumeMounts:
                %12$s      volumes:
                %13$s""".formatted(
                jobs.cells(),
                name,
                Math.min(jobs.cells(), AT_ONCE),
                GRACE_SECONDS,
                owner(run),
                json(image.orElse(MISSING)),
                arguments.stream()
                        .map(word -> "            - %s%n".formatted(json(unexpanded(word))))
                        .collect(Collectors.joining()),
                jobs.classPath()
                        .map(path -> "            - name: SEGLOSS_CLASSPATH%n              value: %s%n"
                                .formatted(json(unexpanded(path))))
                        .orElse(""),
                jobs.threads(),
                jobs.mebibytes(),
                jobs.cuda() ? "              nvidia.com/gpu: 1\n" : "",
                volumes.entrySet().stream()
                        .map(volume -> "            - name: %s%n              mountPath: %s%n"
                                .formatted(
                                        volume.getValue(), json(volume.getKey().toString())))
                        .collect(Collectors.joining()),
                claims(volumes, claims),
                jobs.cells() - 1);
    }

    private static String claims(Map<Path, String> volumes, List<String> claims) {
        var text = new StringBuilder();
        int number = 0;
        for (Map.Entry<Path, String> volume : volumes.entrySet()) {
            text.append("""
                            # what this claim holds has to be what is in %s here
                            - name: %s
                              persistentVolumeClaim:
                                claimName: %s
                    """.formatted(
                    volume.getKey(), volume.getValue(), json(number < claims.size() ? claims.get(number) : MISSING)));
            number++;
        }
        return text.toString();
    }

    private static String json(String text) {
        return JSON.writeValueAsString(text);
    }

    /// Kubernetes puts variables in place of their names in `$(NAME)`.
    private static String unexpanded(String text) {
        return text.replace("$(", "$$(");
    }

    private static String name(Path run) {
        String name = "segloss-" + Slug.of(run.getFileName().toString()).replace('.', '-');
        return name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceAll("-+$", "");
    }

    /// The run's files are to be their owner's, who may not be the image's user. Where it is root nothing is said.
    private static String owner(Path run) throws IOException {
        Map<String, Object> owner = Files.readAttributes(run, "unix:uid,gid");
        return owner.get("uid").equals(0) ? "" : """
                              securityContext:
                                runAsUser: %s
                                runAsGroup: %s
                        """.formatted(owner.get("uid"), owner.get("gid"));
    }

    /// {@return where volumes are mounted, with their names}: file systems of this machine are where they are here; of
    /// folders on its own disk each is a volume
    private static Map<Path, String> volumes(Path run, Path data) {
        var volumes = new LinkedHashMap<Path, String>();
        volumes.put(mount(run), "run");
        Path ofData = mount(data);
        if (volumes.keySet().stream().noneMatch(ofData::startsWith)) {
            volumes.put(ofData, "data");
        }
        return volumes;
    }

    /// {@return the root of the file system that a folder is on, or the folder if that is the root of all}
    static Path mount(Path folder) {
        if (!Files.exists(folder)) {
            return folder;
        }
        Path mount = folder;
        while (mount.getParent() != null && device(mount).equals(device(mount.getParent()))) {
            mount = mount.getParent();
        }
        return mount.getParent() == null ? folder : mount;
    }

    private static Object device(Path folder) {
        try {
            return Files.getAttribute(folder, "unix:dev");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
