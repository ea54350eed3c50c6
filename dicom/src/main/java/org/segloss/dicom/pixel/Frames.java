package org.segloss.dicom.pixel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.dicom.part10.TransferSyntax.Packing;

/// The frames of a file, whose numbers are read one frame at a time.
public final class Frames {
    /// Those of the longest series are some ten thousand.
    private static final int MOST_FRAMES = 1 << 20;

    private final PixelFormat format;
    private final TransferSyntax syntax;
    private final MemorySegment pixels;
    /// The fragments of each frame, of pixels that are packed.
    private final List<List<MemorySegment>> packed;

    private Frames(PixelFormat format, TransferSyntax syntax, MemorySegment pixels, List<List<MemorySegment>> packed) {
        this.format = format;
        this.syntax = syntax;
        this.pixels = pixels;
        this.packed = packed;
    }

    /// @throws IOException if the file has fewer pixels than its header promises
    public static void checkPromise(DicomFile file, PixelFormat format) throws IOException {
        MemorySegment pixels = file.pixels();
        if (pixels.byteSize() == 0) {
            throw new IOException("it has no pixels");
        }
        if (file.isFragmented() == file.syntax().isNative()) {
            throw new IOException("its pixels are %s, but its transfer syntax says otherwise"
                    .formatted(file.isFragmented() ? "packed" : "as they are"));
        }
        if (format.frames() > MOST_FRAMES) {
            throw new IOException("its header promises %d frames".formatted(format.frames()));
        }
        if (file.syntax().isNative() && pixels.byteSize() < format.bytes()) {
            throw new IOException("its header promises %.0f bytes of pixels, but %d are there"
                    .formatted(format.bytes(), pixels.byteSize()));
        }
        if (!file.syntax().isNative() && format.bytes() > (double) pixels.byteSize() * unpacked(file.syntax())) {
            throw new IOException("its header promises %.0f bytes of pixels, more than %d packed bytes hold"
                    .formatted(format.bytes(), pixels.byteSize()));
        }
    }

    /// {@return how many bytes come of one at most}: a run length of two bytes repeats a byte 128 times, JPEG has
    /// two bits at least for a block of 64 pixels, or one for a number, and JPEG 2000 leaves out what is empty
    private static int unpacked(TransferSyntax syntax) {
        return switch (syntax.packing()) {
            case RLE -> 64;
            case JPEG -> 512;
            default -> 1 << 16;
        };
    }

    /// @throws IOException as [#checkPromise]
    public static Frames of(DicomFile file, PixelFormat format) throws IOException {
        checkPromise(file, format);
        List<List<MemorySegment>> packed =
                file.syntax().isNative() ? List.of() : packed(file.fragments(), format.frames());
        return new Frames(format, file.syntax(), file.pixels(), packed);
    }

    /// A frame is one fragment or several: where there are not as many fragments as frames the table says
    /// where each begins.
    private static List<List<MemorySegment>> packed(List<MemorySegment> all, int frames) throws IOException {
        if (all.isEmpty()) {
            throw new IOException("it has no pixels");
        }
        MemorySegment table = all.getFirst();
        List<MemorySegment> fragments = all.subList(1, all.size());
        if (frames == 1) {
            return List.of(fragments);
        }
        if (fragments.size() == frames) {
            return fragments.stream().map(List::of).toList();
        }
        if (table.byteSize() != 4L * frames || fragments.size() < frames) {
            throw new IOException("it has %d frames in %d fragments, and no table of where each begins"
                    .formatted(frames, fragments.size()));
        }
        var found = new ArrayList<List<MemorySegment>>();
        long at = 0;
        int next = 0;
        for (MemorySegment fragment : fragments) {
            if (next < frames && at == (table.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * next) & 0xFFFF_FFFFL)) {
                found.add(new ArrayList<>());
                next++;
            }
            if (found.isEmpty()) {
                break;
            }
            found.getLast().add(fragment);
            at += fragment.byteSize() + 8;
        }
        if (next < frames) {
            throw new IOException("its table says wrongly where the frames begin");
        }
        return found;
    }

    /// {@return the numbers of a frame as they are stored: `(sample, row, column)`}
    public int[] frame(int frame) throws IOException {
        int[] numbers = format.allocated() == 1 && syntax.isNative() ? bits(frame) : words(frame);
        if (format.stored() < format.allocated() || format.signed()) {
            int shift = format.highBit() + 1 - format.stored();
            int up = 32 - format.stored();
            for (int i = 0; i < numbers.length; i++) {
                int moved = numbers[i] >>> shift << up;
                numbers[i] = format.signed() ? moved >> up : moved >>> up;
            }
        }
        return numbers;
    }

    private int[] bits(int frame) {
        int n = Math.toIntExact(format.numbers());
        int[] numbers = new int[n];
        long first = (long) n * frame;
        for (int i = 0; i < n; i++) {
            long bit = first + i;
            numbers[i] = pixels.get(JAVA_BYTE, bit >> 3) >> (bit & 7) & 1;
        }
        return numbers;
    }

    private int[] words(int frame) throws IOException {
        if (syntax.packing() == Packing.JPEG || syntax.packing() == Packing.JPEG_2000) {
            return JpegFrames.frame(joined(packed.get(frame)), syntax.packing(), format);
        }
        int width = Math.max(1, format.allocated() / 8);
        int n = Math.toIntExact(format.numbers());
        int[] numbers;
        boolean planar = format.planar();
        if (syntax.packing() == Packing.RLE) {
            numbers = Rle.frame(joined(packed.get(frame)), format.rows() * format.columns(), format.samples(), width);
            planar = true;
        } else {
            numbers = new int[n];
            MemorySegment from = pixels.asSlice((long) frame * n * width, (long) n * width);
            switch (width) {
                case 1 -> {
                    for (int i = 0; i < n; i++) {
                        numbers[i] = from.get(JAVA_BYTE, i) & 0xFF;
                    }
                }
                case 2 -> {
                    var layout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(syntax.order());
                    for (int i = 0; i < n; i++) {
                        numbers[i] = from.get(layout, 2L * i) & 0xFFFF;
                    }
                }
                default ->
                    MemorySegment.copy(
                            from, ValueLayout.JAVA_INT_UNALIGNED.withOrder(syntax.order()), 0, numbers, 0, n);
            }
        }
        return planar || format.samples() == 1 ? numbers : planes(numbers);
    }

    private int[] planes(int[] pixels) {
        int[] planes = new int[pixels.length];
        int size = format.rows() * format.columns();
        for (int i = 0; i < pixels.length; i++) {
            planes[i % format.samples() * size + i / format.samples()] = pixels[i];
        }
        return planes;
    }

    private static byte[] joined(List<MemorySegment> fragments) throws IOException {
        long size = fragments.stream().mapToLong(MemorySegment::byteSize).sum();
        if (size > Integer.MAX_VALUE - 8) {
            throw new IOException("a frame of it has more than 2 GiB");
        }
        byte[] joined = new byte[(int) size];
        int at = 0;
        for (MemorySegment fragment : fragments) {
            MemorySegment.copy(fragment, JAVA_BYTE, 0, joined, at, (int) fragment.byteSize());
            at += (int) fragment.byteSize();
        }
        return joined;
    }
}
