package org.segloss.events;

import java.io.IOException;
import java.nio.file.Path;
import org.segloss.file.GrowingFile;

/// A file of numbers and pictures over a training that TensorBoard shows while it grows.
///
/// A training that goes on after a break cuts off what comes after its checkpoint and writes it anew, so that no step
/// is there twice. A TensorBoard that is open meanwhile reads on: all but the times comes out the same, at the same
/// bytes.
///
/// A record is an `Event` in protocol buffers: its time in seconds (field 1), the step (2), and either the format's
/// version (3) or values (5), each with its name (1) and a float (2) or a picture (4).
public final class EventFile implements AutoCloseable {
    /// TensorBoard looks for `tfevents` in a file's name.
    public static final String NAME = "events.out.tfevents.segloss";

    private static final String VERSION = "brain.Event:2";

    private final GrowingFile file;

    private EventFile(GrowingFile file) {
        this.file = file;
    }

    /// Opens [#NAME] in a folder and leaves in it the events up to `step`; 0 for a new file.
    public static EventFile open(Path folder, int step) throws IOException {
        Path name = folder.resolve(NAME);
        long kept = step == 0 ? 0 : Records.length(name, event -> step(event) <= step);
        var events = new EventFile(GrowingFile.open(name, kept));
        if (kept == 0) {
            events.add(0, new Message().text(3, VERSION));
        }
        return events;
    }

    /// A point of the curve `tag`.
    public void number(int step, String tag, double value) throws IOException {
        add(step, value(new Message().text(1, tag).number32(2, (float) value)));
    }

    /// @param png the encoded picture
    public void picture(int step, String tag, byte[] png, int width, int height) throws IOException {
        Message image =
                new Message().integer(1, height).integer(2, width).integer(3, 3).bytes(4, png);
        add(step, value(new Message().text(1, tag).bytes(4, image.toBytes())));
    }

    private static Message value(Message value) {
        return new Message().bytes(5, new Message().bytes(1, value.toBytes()).toBytes());
    }

    private void add(int step, Message what) throws IOException {
        Message event =
                new Message().number64(1, System.currentTimeMillis() / 1000.0).integer(2, step);
        file.append(Records.frame(event.append(what).toBytes()));
    }

    /// The step of an event as [#add] writes it: after the time, which takes 9 bytes.
    private static long step(byte[] event) {
        long step = 0;
        for (int i = 10; i < event.length; i++) {
            step |= (event[i] & 0x7FL) << (7 * (i - 10));
            if (event[i] >= 0) {
                return step;
            }
        }
        return Long.MAX_VALUE;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
