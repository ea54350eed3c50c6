package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segloss.dataset.Phantom;
import org.segloss.file.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "phantom",
        description = {
            "Generates a data set to try things on: three-dimensional images of a small curved organ beside a structure of nearly the same intensity.",
            "",
            "Same seed, same bytes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  segloss phantom my-phantom --train 12 --test 4")
final class PhantomCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Gets imagesTr, labelsTr, dataset.json and split.json.")
    private Path folder;

    @Option(
            names = "--train",
            paramLabel = "N",
            description = "Training cases. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + GeneratedData.TRAIN)
    private int train;

    @Option(
            names = "--val",
            paramLabel = "N",
            description = "Validation cases, beside those that train. Default: half as many as train, from 1 to 10.")
    private Optional<Integer> validation;

    @Option(
            names = "--test",
            paramLabel = "N",
            description = "Test cases. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + GeneratedData.TEST)
    private int test;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + GeneratedData.SEED)
    private long seed;

    @Override
    public Integer call() throws IOException {
        Path target = OutputFile.target(folder);
        if (!Files.exists(target)) {
            OutputFile.checkWritable(target);
        }
        var phantom = new Phantom(seed, train, validation.orElseGet(() -> Phantom.validation(train)), test);
        phantom.write(target);
        spec.commandLine()
                .getOut()
                .println("%d training, %d validation and %d test cases: %s"
                        .formatted(train, phantom.validation(), test, folder));
        return 0;
    }
}
