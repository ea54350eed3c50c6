package org.segloss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

class VoxelsTest {
    private static byte[] unpacked(String text, int length) throws DataFormatException {
        byte[] bytes = new byte[length];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(Base64.getDecoder().decode(text));
            assertThat(inflater.inflate(bytes)).isEqualTo(length);
            assertThat(inflater.finished() || inflater.inflate(new byte[1]) == 0)
                    .isTrue();
        }
        return bytes;
    }

    private static Labels block(Geometry grid, int x, int y, int z, int edge) {
        byte[] values = new byte[Math.toIntExact(grid.voxels())];
        for (int i = 0; i < values.length; i++) {
            int dx = i % grid.x() - x;
            int dy = i / grid.x() % grid.y() - y;
            int dz = i / grid.x() / grid.y() - z;
            boolean inside = dx >= 0 && dx < edge && dy >= 0 && dy < edge && dz >= 0 && dz < edge;
            values[i] = (byte) (inside ? 1 : 0);
        }
        return new Labels(grid, values);
    }

    @Test
    void aSmallCaseIsShownWhole() throws DataFormatException {
        Geometry grid = Geometry.identity(4, 3, 2);
        Labels labels = block(grid, 1, 1, 0, 2);
        Voxels voxels = Voxels.of(grid, List.of(labels), 24);
        assertThat(voxels.isPart(grid)).isFalse();
        assertThat(unpacked(voxels.labels(labels), 24)).isEqualTo(labels.values());
    }

    @Test
    void aLargeCaseIsCroppedToWhatAnyMaskHolds() throws DataFormatException {
        Geometry grid = Geometry.identity(100, 100, 100);
        Labels reference = block(grid, 40, 50, 60, 4);
        Labels prediction = block(grid, 44, 50, 60, 4);
        Voxels voxels = Voxels.of(grid, List.of(reference, prediction), 40_000);
        // 12 voxels on each side of 40..47, 50..53, 60..63
        assertThat(voxels.from()).containsExactly(28, 38, 48);
        assertThat(voxels.shape()).containsExactly(32, 28, 28);
        assertThat(voxels.step()).containsExactly(1, 1, 1);
        byte[] shown = unpacked(voxels.labels(reference), 32 * 28 * 28);
        assertThat(shown[(12 * 28 + 12) * 32 + 12]).isEqualTo((byte) 1);
        assertThat(shown[(12 * 28 + 12) * 32 + 11]).isEqualTo((byte) 0);
    }

    @Test
    void whatIsStillTooLargeLosesVoxelsWhereTheyAreSmallest() {
        // thick slices: they all stay
        Geometry grid = Geometry.scaled(64, 64, 16, 1, 1, 5);
        Voxels voxels = Voxels.of(grid, List.of(block(grid, 0, 0, 0, 64)), 20_000);
        assertThat(voxels.step()).containsExactly(2, 2, 1);
        assertThat(voxels.shape()).containsExactly(32, 32, 16);
        assertThat(voxels.isPart(grid)).isTrue();
    }

    @Test
    void anImageIsStretchedFromItsFirstToItsLastPercentile() throws DataFormatException {
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        values[999] = 1e9f;
        var volume = new Volume(Geometry.identity(1000, 1, 1), 1, values);
        byte[] gray = unpacked(Voxels.of(volume.geometry(), List.of(), 1000).image(volume), 1000);
        assertThat(gray[10] & 0xFF).isZero();
        assertThat(gray[989] & 0xFF).isEqualTo(255);
        // (500 - 10) / (989 - 10) * 255 = 127.6
        assertThat(gray[500] & 0xFF).isEqualTo(128);
    }

    @Test
    void fiftyLargeCasesOfNoiseStayBelowThirtyMegabytes() {
        // noise compresses least: an image of the largest size that one of 50 cases may have, and masks with ragged
        // edges
        int most = Math.toIntExact(Viewer.most(Viewer.MOST));
        int edge = (int) Math.cbrt(most) + 4;
        Geometry grid = Geometry.identity(edge, edge, edge);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        float[] noise = new float[edge * edge * edge];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat();
        }
        long length = 0;
        Voxels voxels = null;
        for (int loss = 0; loss < 6; loss++) {
            Labels mask = block(grid, 2, 2, 2, edge - 4);
            for (int i = 0; i < noise.length; i++) {
                boolean rim = i % edge < 5 || i / edge % edge < 5;
                mask.values()[i] = rim && random.nextInt(20) == 0 ? 1 : mask.values()[i];
            }
            voxels = Voxels.of(grid, List.of(mask), most);
            length += voxels.labels(mask).length();
        }
        length += voxels.image(new Volume(grid, 1, noise)).length();
        // beside the cases a report has a charting library, the pictures of four cases and its tables
        assertThat(50 * length).isLessThan(26_000_000).isGreaterThan(10_000_000);
    }
}
