package org.segloss.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.SortedSet;
import javax.imageio.ImageIO;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// One slice of an image with its reference, to be drawn with a prediction's errors.
final class Slice {
    // of Okabe and Ito's palette, which colour-blind people can tell apart; the viewer's script has the same
    private static final Color REFERENCE = new Color(0xF0E442);
    private static final int FALSE_POSITIVE = 0xE69F00;
    private static final int FALSE_NEGATIVE = 0x56B4E9;
    private static final int CONFUSED = 0xCC79A7;
    private static final int IGNORED = 0xBBBBBB;
    private static final int OPACITY = 0xA6 << 24;
    private static final int LEAST_EDGE = 480;
    private static final int LARGEST_EDGE = 512;

    private final Labels reference;
    private final SortedSet<Integer> ignored;
    private final int z;
    private final boolean upwards;
    private final int width;
    private final int height;
    private final BufferedImage image;

    private Slice(Volume volume, Labels reference, SortedSet<Integer> ignored, int z, boolean upwards) {
        this.reference = reference;
        this.ignored = ignored;
        this.z = z;
        this.upwards = upwards;
        Geometry g = volume.geometry();
        double[] spacing = g.spacing();
        double wide = g.x() * spacing[0];
        double high = g.y() * spacing[1];
        double edge = Math.clamp(Math.max(g.x(), g.y()), LEAST_EDGE, LARGEST_EDGE);
        double scale = edge / Math.max(wide, high);
        width = Math.max(1, (int) Math.round(wide * scale));
        height = Math.max(1, (int) Math.round(high * scale));
        image = gray(volume);
    }

    /// {@return the slice that halves the reference's foreground, or the middle one if there is no foreground}
    ///
    /// @param ignored labels of the reference that say that nothing is known
    /// @param upwards whether y points up, as in NIfTI, or down, as in PNG
    static Slice middle(Volume volume, Labels reference, SortedSet<Integer> ignored, boolean upwards) {
        Geometry g = reference.geometry();
        int area = g.x() * g.y();
        long[] counts = new long[g.z()];
        for (int i = 0; i < reference.values().length; i++) {
            byte label = reference.values()[i];
            counts[i / area] += label == 0 || isIgnored(label, ignored) ? 0 : 1;
        }
        long half = Arrays.stream(counts).sum();
        long sum = 0;
        int z = g.z() / 2;
        for (int slice = 0; slice < counts.length && half > 0; slice++) {
            sum += counts[slice];
            if (2 * sum >= half) {
                z = slice;
                break;
            }
        }
        return new Slice(volume, reference, ignored, z, upwards);
    }

    private static boolean isIgnored(byte label, SortedSet<Integer> ignored) {
        return !ignored.isEmpty() && ignored.contains(label & 0xFF);
    }

    int z() {
        return z;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// The mean of the channels, from the 1st to the 99th percentile of the slice in shades of gray.
    private BufferedImage gray(Volume volume) {
        Geometry g = volume.geometry();
        int area = g.x() * g.y();
        float[] values = new float[area];
        for (int channel = 0; channel < volume.channels(); channel++) {
            int start = (channel * g.z() + z) * area;
            for (int i = 0; i < area; i++) {
                values[i] += volume.values()[start + i] / volume.channels();
            }
        }
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        float low = sorted[area / 100];
        float high = sorted[area - 1 - area / 100];
        var gray = new BufferedImage(g.x(), g.y(), BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < g.y(); y++) {
            for (int x = 0; x < g.x(); x++) {
                float share = high > low ? (values[y * g.x() + x] - low) / (high - low) : 0;
                gray.getRaster().setSample(x, row(y), 0, Math.clamp(Math.round(255 * share), 0, 255));
            }
        }
        return gray;
    }

    private int row(int y) {
        return upwards ? reference.geometry().y() - 1 - y : y;
    }

    /// {@return the slice with the reference's outline and the prediction's errors, as the data URI of a PNG}; hatched
    /// where nothing is known
    String picture(Labels prediction) {
        var canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = canvas.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.drawImage(image, 0, 0, width, height, null);
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            g.drawImage(errors(prediction), 0, 0, width, height, null);
            // dark below, so that it is seen on bright ground
            draw(g, Color.BLACK, 4);
            draw(g, REFERENCE, 2);
        } finally {
            g.dispose();
        }
        var png = new ByteArrayOutputStream();
        try {
            ImageIO.write(canvas, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }

    private BufferedImage errors(Labels prediction) {
        Geometry g = reference.geometry();
        var errors = new BufferedImage(g.x(), g.y(), BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < g.y(); y++) {
            for (int x = 0; x < g.x(); x++) {
                byte right = at(reference, x, y);
                byte given = at(prediction, x, y);
                if (isIgnored(right, ignored)) {
                    if ((x + y) % 4 < 2) {
                        errors.setRGB(x, row(y), OPACITY | IGNORED);
                    }
                } else if (right != given) {
                    int colour = right == 0 ? FALSE_POSITIVE : given == 0 ? FALSE_NEGATIVE : CONFUSED;
                    errors.setRGB(x, row(y), OPACITY | colour);
                }
            }
        }
        return errors;
    }

    private void draw(Graphics2D g, Color color, float stroke) {
        g.setColor(color);
        g.setStroke(new BasicStroke(stroke, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(outline(reference));
    }

    /// The edges between pixels of different labels, both of them known.
    private Path2D outline(Labels labels) {
        Geometry g = labels.geometry();
        double dx = (double) width / g.x();
        double dy = (double) height / g.y();
        var path = new Path2D.Double();
        for (int y = 0; y < g.y(); y++) {
            for (int x = 0; x < g.x(); x++) {
                int r = row(y);
                if (x > 0 && isEdge(at(labels, x, y), at(labels, x - 1, y))) {
                    path.moveTo(x * dx, r * dy);
                    path.lineTo(x * dx, (r + 1) * dy);
                }
                if (y > 0 && isEdge(at(labels, x, y), at(labels, x, y - 1))) {
                    double edge = Math.max(r, row(y - 1)) * dy;
                    path.moveTo(x * dx, edge);
                    path.lineTo((x + 1) * dx, edge);
                }
            }
        }
        return path;
    }

    private boolean isEdge(byte one, byte other) {
        return one != other && !isIgnored(one, ignored) && !isIgnored(other, ignored);
    }

    private byte at(Labels labels, int x, int y) {
        Geometry g = labels.geometry();
        return labels.values()[(z * g.y() + y) * g.x() + x];
    }
}
