package org.segloss.format.tiff;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Lengths in the units that microscopes' programs write, in millimetres.
final class Lengths {
    private static final Map<String, Double> UNITS = Map.ofEntries(
            Map.entry("m", 1e3),
            Map.entry("dm", 100.0),
            Map.entry("cm", 10.0),
            Map.entry("mm", 1.0),
            Map.entry("\u00B5m", 1e-3),
            Map.entry("\u03BCm", 1e-3),
            // as ImageJ writes it
            Map.entry("\\u00b5m", 1e-3),
            Map.entry("um", 1e-3),
            Map.entry("micron", 1e-3),
            Map.entry("microns", 1e-3),
            Map.entry("micrometer", 1e-3),
            Map.entry("nm", 1e-6),
            Map.entry("pm", 1e-9),
            Map.entry("\u00C5", 1e-7),
            Map.entry("in", 25.4),
            Map.entry("inch", 25.4));

    /// Dots an inch that programs write which know no length.
    private static final Set<Long> OF_SCREENS = Set.of(
            1L, 72L, 75L, 90L, 96L, 100L, 120L, 144L, 150L, 180L, 200L, 240L, 300L, 350L, 360L, 400L, 600L, 720L,
            1200L);

    private Lengths() {}

    /// {@return a length in millimetres}, NaN if it isn't above 0 or the unit is none of length
    static double millimetres(double length, String unit) {
        // Angstrom and mega are large letters
        Double millimetres = UNITS.get(unit.strip());
        if (millimetres == null) {
            millimetres = UNITS.get(unit.strip().toLowerCase(Locale.ROOT));
        }
        return millimetres == null || !(length > 0) || Double.isInfinite(length) ? Double.NaN : length * millimetres;
    }

    /// {@return how wide a pixel is in millimetres}; NaN if the file says so in no unit, or as screens and printers do
    ///
    /// @param pixels per unit
    /// @param unit   2 inches, 3 centimetres
    static double ofResolution(double pixels, int unit) {
        if (!(pixels > 0) || Double.isInfinite(pixels) || unit != 2 && unit != 3) {
            return Double.NaN;
        }
        double anInch = unit == 2 ? pixels : pixels * 2.54;
        return Math.abs(anInch - Math.rint(anInch)) < 0.02 && OF_SCREENS.contains(Math.round(anInch))
                ? Double.NaN
                : 25.4 / anInch;
    }
}
