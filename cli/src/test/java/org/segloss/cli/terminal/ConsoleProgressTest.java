package org.segloss.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    @Test
    void onATerminalOneLineIsWrittenOver() {
        var text = new StringWriter();
        try (var progress = new ConsoleProgress(new PrintWriter(text), true)) {
            progress.at("training", 0.1, "step 1");
            progress.say("done");
        }
        assertThat(text.toString()).isEqualTo("training, step 1\r\033[Kdone" + System.lineSeparator());
    }

    @Test
    void aLineThatIsTooLongLosesTheEndOfItsDetailAndNotTheTimeLeft() throws InterruptedException {
        var text = new StringWriter();
        try (var progress = new ConsoleProgress(new PrintWriter(text), true)) {
            progress.at("training", 0.1, "step 1");
            Thread.sleep(2100);
            progress.at("2 at work", 0.5, "x".repeat(100));
        }
        // of 80 columns the last stays free; 2.1 seconds for 0.4 of it: 2.6 more
        assertThat(text.toString()).endsWith("\r\033[K2 at work, " + "x".repeat(58) + ", 3 s left\r\033[K");
    }

    @Test
    void elsewhereALineIsWrittenForEachPieceOfWork() {
        var text = new StringWriter();
        try (var progress = new ConsoleProgress(new PrintWriter(text), false)) {
            progress.at("training", 0.1, "step 1");
            progress.at("training", 0.2, "step 2");
            progress.at("predicting", 0.9, "case 1");
        }
        assertThat(text.toString().lines()).containsExactly("training, step 1", "predicting, case 1");
    }

    @Test
    void nothingComesAfterTheLastWordsWhichSayHowToGoOn() {
        var text = new StringWriter();
        try (var progress = new ConsoleProgress(new PrintWriter(text), false)) {
            assertThat(Interruption.message(progress.isUnderWay(), true)).endsWith("The same command begins again.");
            progress.at("training", 0.1, "step 1");
            assertThat(Interruption.message(progress.isUnderWay(), true))
                    .endsWith("The same command without --restart goes on from there.");
            progress.end("Stopping.");
            progress.at("predicting", 0.9, "case 1");
            progress.say("done");
        }
        assertThat(text.toString().lines()).containsExactly("training, step 1", "Stopping.");
    }
}
