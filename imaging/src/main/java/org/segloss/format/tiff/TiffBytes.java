package org.segloss.format.tiff;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.segloss.format.ImageSource;

/// A TIFF file's bytes from any place on, in the order that its first two say.
final class TiffBytes implements AutoCloseable {
    private final ImageSource source;
    private final FileChannel channel;
    private final long size;
    private final ByteOrder order;
    /// What the directories may still take. They are read at most twice, and so more than that are laid over
    /// one another.
    private long budget;

    TiffBytes(ImageSource source) throws IOException {
        this.source = source;
        size = source.size();
        budget = 4 * size;
        channel = source instanceof ImageSource.OfFile file ? FileChannel.open(file.path()) : null;
        try {
            order = read(0, 2)[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    long size() {
        return size;
    }

    ByteOrder order() {
        return order;
    }

    /// {@return bytes of a directory}, which all together are no more than the file has}
    ByteBuffer header(long offset, long length) throws IOException {
        budget -= length;
        if (length < 0 || budget < 0) {
            throw new IOException("the TIFF directories are damaged: they overlap or are larger than the file");
        }
        return ByteBuffer.wrap(read(offset, length)).order(order);
    }

    byte[] read(long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || length > Integer.MAX_VALUE - 8 || offset > size - length) {
            throw new EOFException(
                    "the TIFF file has %d bytes, but should have %d more at %d".formatted(size, length, offset));
        }
        if (source instanceof ImageSource.OfBytes(String _, byte[] bytes)) {
            return Arrays.copyOfRange(bytes, (int) offset, (int) (offset + length));
        }
        ByteBuffer room = ByteBuffer.allocate((int) length);
        while (room.hasRemaining()) {
            if (channel.read(room, offset + room.position()) < 0) {
                throw new EOFException("the TIFF file became shorter while it was read");
            }
        }
        return room.array();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
