package org.segloss.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.segloss.file.InputFile;

/// What was done couldn't be copied out. It is kept here.
public final class NotSent extends FileSystemException {
    private static final long serialVersionUID = 1;

    public NotSent(RunCopy copy, IOException problem) {
        super(
                copy.url().toString(),
                null,
                "what is done can't be copied there. It lies in %s, and the same command copies it later. (%s)"
                        .formatted(copy.folder().root(), InputFile.message(problem)));
        initCause(problem);
    }
}
