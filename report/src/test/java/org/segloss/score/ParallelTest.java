package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segloss.run.Progress;

class ParallelTest {
    private static final List<String> IDS = List.of("a", "b", "c", "d");

    private static List<String> map(Parallel.Work<String> work) throws IOException {
        return new Parallel(Progress.silent(), "pairs can't be scored").map("checking", IDS, 2, work);
    }

    @Test
    void whateverCannotBeReadIsNamedWithTheOthers() throws IOException {
        assertThat(map(id -> id + id)).containsExactly("aa", "bb", "cc", "dd");
        assertThatIOException()
                .isThrownBy(() -> map(id -> switch (id) {
                    case "a" -> throw new AccessDeniedException("a.nii");
                    case "c" -> throw new IOException("c.nii: this is a folder");
                    default -> id;
                }))
                .withMessage("""
                        2 of 4 pairs can't be scored:
                          a.nii: permission denied. Change its permissions.
                          c.nii: this is a folder""");
        assertThatIOException()
                .isThrownBy(() -> map(id -> {
                    if (id.equals("b")) {
                        throw new AccessDeniedException("b.nii");
                    }
                    return id;
                }))
                .as("the disk's own, so that the exit status says so")
                .isInstanceOf(AccessDeniedException.class);
    }
}
