package org.segloss.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/// The frames in which TensorFlow's files hold one record after the other.
///
/// ```
/// 8 bytes length | 4 bytes checksum of the length | the record | 4 bytes checksum of the record
/// checksum(b) = rotate_right(crc32c(b), 15) + 0xA282EAD8
/// ```
///
/// All numbers are little endian.
///
/// @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
final class Records {
    private static final int HEAD = Long.BYTES + Integer.BYTES;
    private static final int FRAME = HEAD + Integer.BYTES;

    private Records() {}

    static byte[] frame(byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME + content.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(content.length);
        frame.putInt(checksum(frame.array(), 0, Long.BYTES));
        frame.put(content);
        return frame.putInt(checksum(content, 0, content.length)).array();
    }

    static int checksum(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }

    /// {@return how many bytes of a file the first records take that are whole and wanted}; 0 if it isn't there
    static long length(Path file, Predicate<byte[]> wanted) throws IOException {
        if (!Files.isRegularFile(file)) {
            return 0;
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        while (all.remaining() >= FRAME) {
            int start = all.position();
            long length = all.getLong();
            boolean good = all.getInt() == checksum(all.array(), start, Long.BYTES)
                    && length <= all.remaining() - Integer.BYTES;
            if (good) {
                byte[] content = new byte[(int) length];
                all.get(content);
                good = all.getInt() == checksum(content, 0, content.length) && wanted.test(content);
            }
            if (!good) {
                return start;
            }
        }
        return all.position();
    }
}
