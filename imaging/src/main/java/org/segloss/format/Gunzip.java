package org.segloss.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks gzip (RFC 1952), one or more members. Unlike the JDK's stream it says where a file breaks off, and
/// how many bytes follow that are no gzip.
public final class Gunzip extends InputStream {
    /// So many bytes come of one at most: DEFLATE packs no better than 258 bytes in two bits.
    public static final long MOST = 1032;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[1 << 14];
    private int position;
    private int limit;
    private long unpacked;
    private long trailing;
    private boolean done;

    /// @param in at the first byte of the gzip header
    public Gunzip(InputStream in) throws IOException {
        this.in = in;
        header();
    }

    /// {@return the content of a source, unpacked where it is gzip, which its first two bytes say}
    public static InputStream open(ImageSource source) throws IOException {
        var in = new BufferedInputStream(source.open(), 1 << 14);
        try {
            in.mark(2);
            boolean gzip = isGzip(in.readNBytes(2));
            in.reset();
            return gzip ? new Gunzip(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    public static boolean isGzip(byte[] head) {
        return head.length >= 2 && head[0] == 0x1F && head[1] == (byte) 0x8B;
    }

    /// {@return the bytes behind the last member, known once this stream has ended}
    public long trailing() {
        return trailing;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (!done && length > 0) {
            int n = inflate(target, offset, length);
            if (n > 0) {
                crc.update(target, offset, n);
                unpacked += n;
                return n;
            }
            if (inflater.finished()) {
                position = limit - inflater.getRemaining();
                trailer();
                nextMember();
            } else if (inflater.needsDictionary()) {
                throw damaged();
            } else {
                fill();
                inflater.setInput(buffer, position, limit - position);
            }
        }
        return done ? -1 : 0;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException _) {
            throw damaged();
        }
    }

    private IOException damaged() {
        return new IOException("the gzip stream is damaged after %d unpacked bytes".formatted(unpacked));
    }

    private void header() throws IOException {
        if (next() != 0x1F || next() != 0x8B || next() != 8) {
            throw new IOException("the gzip header is damaged");
        }
        int flags = next();
        skip(6);
        if ((flags & 4) != 0) {
            skip(next() | next() << 8);
        }
        for (int text = flags & 0b11000; text != 0; text &= text - 1) {
            while (next() != 0) {
                // a file name or a comment, of no use here
            }
        }
        // FHCRC is bit 1, and its checksum two bytes long
        skip(flags & 2);
        inflater.reset();
        inflater.setInput(buffer, position, limit - position);
        crc.reset();
    }

    private void trailer() throws IOException {
        long expectedCrc = littleEndian();
        long expectedLength = littleEndian();
        if (expectedCrc != crc.getValue() || expectedLength != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw new IOException("the gzip checksum does not match the %d unpacked bytes".formatted(unpacked));
        }
    }

    private long littleEndian() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void nextMember() throws IOException {
        if (position == limit && !refill()) {
            done = true;
        } else if ((buffer[position] & 0xFF) == 0x1F) {
            header();
        } else {
            trailing = limit - position + in.transferTo(OutputStream.nullOutputStream());
            done = true;
        }
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private int next() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++] & 0xFF;
    }

    private void fill() throws IOException {
        if (!refill()) {
            throw new EOFException("the gzip stream breaks off after %d unpacked bytes".formatted(unpacked));
        }
    }

    private boolean refill() throws IOException {
        position = 0;
        limit = Math.max(in.read(buffer), 0);
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
