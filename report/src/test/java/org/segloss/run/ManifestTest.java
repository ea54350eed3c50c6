package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Split;
import org.segloss.file.Sha256;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

class ManifestTest {
    @TempDir
    Path folder;

    @Test
    void aCaseIsAnotherWhereOnlyTheFileOfItsVoxelsIs() throws IOException {
        Geometry grid = Geometry.identity(3, 2, 1);
        for (int i = 0; i < 3; i++) {
            Images.write(folder.resolve("images/c" + i + ".mhd"), new Volume(grid, 1, new float[] {i, 1, 2, 3, 4, 5}));
            Images.write(folder.resolve("masks/c" + i + ".nii"), new Labels(grid, new byte[] {0, 1, 1, 0, 0, 1}));
        }
        Dataset dataset = Dataset.open(folder);
        var split = new Split(List.of("c0"), List.of("c1"), List.of("c2"));
        Manifest manifest = Manifest.of(dataset, Groups.of(folder, dataset.ids()), List.of(split));
        assertThat(manifest.describes(dataset.entry("c0"))).isTrue();
        // of one file it is the file's own
        assertThat(manifest.cases().getFirst().labelSha256()).isEqualTo(Sha256.of(folder.resolve("masks/c0.nii")));
        // the headers are the same to the byte
        Files.copy(
                folder.resolve("images/c1.zraw"),
                folder.resolve("images/c0.zraw"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(manifest.describes(dataset.entry("c0"))).isFalse();
    }
}
