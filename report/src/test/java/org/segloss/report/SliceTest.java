package org.segloss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// The colours of a slice, at the middles of voxels.
class SliceTest {
    private static final Geometry GRID = Geometry.scaled(4, 4, 2, 1, 1, 1);

    private static Labels rows(int... row) {
        byte[] values = new byte[32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) row[i % 4];
        }
        return new Labels(GRID, values);
    }

    private static BufferedImage picture(SortedSet<Integer> ignored) throws IOException {
        var volume = new Volume(GRID, 1, new float[32]);
        String png = Slice.middle(volume, rows(1, 1, 255, 0), ignored, false).picture(rows(1, 1, 1, 1));
        return ImageIO.read(
                new ByteArrayInputStream(Base64.getDecoder().decode(png.substring("data:image/png;base64,".length()))));
    }

    private static Color at(BufferedImage picture, int x, int y) {
        return new Color(picture.getRGB((2 * x + 1) * picture.getWidth() / 8, (2 * y + 1) * picture.getHeight() / 8));
    }

    private static boolean hasOutline(BufferedImage picture) {
        int y = picture.getHeight() / 8;
        for (int x = 0; x < picture.getWidth(); x++) {
            Color colour = new Color(picture.getRGB(x, y));
            if (colour.getRed() > 200 && colour.getGreen() > 200 && colour.getBlue() < 100) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatIsIgnoredIsHatchedAndNeitherAnErrorNorAClass() throws IOException {
        BufferedImage picture = picture(new TreeSet<>(List.of(255)));
        // (x + y) % 4 < 2 is hatched, 0xBB at an opacity of 0xA6 / 0xFF over black
        assertThat(at(picture, 2, 2)).isEqualTo(new Color(122, 122, 122));
        assertThat(at(picture, 2, 3)).isEqualTo(new Color(122, 122, 122));
        assertThat(at(picture, 2, 0)).isEqualTo(Color.BLACK);
        assertThat(at(picture, 2, 1)).isEqualTo(Color.BLACK);
        // orange is a false positive, and black what is right
        assertThat(at(picture, 3, 0).getRed()).isGreaterThan(at(picture, 3, 0).getBlue() + 100);
        assertThat(at(picture, 0, 0)).isEqualTo(Color.BLACK);
        assertThat(hasOutline(picture)).isFalse();
    }

    @Test
    void whatIsNotIgnoredIsAClass() throws IOException {
        BufferedImage picture = picture(Collections.emptySortedSet());
        assertThat(at(picture, 2, 2).getRed()).isGreaterThan(at(picture, 2, 2).getGreen() + 30);
        assertThat(hasOutline(picture)).isTrue();
    }

    /// Of the two slices the second one alone has a class; the first one is all ignored.
    @Test
    void theSliceIsTheOneThatHalvesWhatIsKnown() {
        byte[] values = new byte[32];
        for (int i = 0; i < 16; i++) {
            values[i] = (byte) 255;
        }
        values[20] = 1;
        var volume = new Volume(GRID, 1, new float[32]);
        assertThat(Slice.middle(volume, new Labels(GRID, values), new TreeSet<>(List.of(255)), false)
                        .z())
                .isEqualTo(1);
    }
}
