package org.segloss.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file that grows at its end while others may read it, as a log does. What was appended is in the file when the call
/// returns; it survives the end of the program, and after [#force] a power cut too.
public final class GrowingFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Optional<FolderLock> lock;

    private GrowingFile(Path file, FileChannel channel, Optional<FolderLock> lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /// Opens a file, made with its folders if it isn't there, and cuts it to its first `keep` bytes.
    public static GrowingFile open(Path file, long keep) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            Optional<FolderLock> lock = FolderLock.over(file);
            if (lock.isPresent()) {
                // not before it is open: whoever takes the folder from now on puts another file in its place
                lock.get().check();
            }
            channel.truncate(keep).position(keep);
            return new GrowingFile(file, channel, lock);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// @throws FileSystemException that names the file, if the disk is full for example
    public void append(byte[] bytes) throws IOException {
        if (lock.isPresent()) {
            lock.get().checkKnown();
        }
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw OutputFile.failure(file, e);
        }
    }

    /// Returns when the disk has it.
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
