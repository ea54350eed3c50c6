package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.golden.GoldenFile;
import tools.jackson.databind.JsonNode;

/// MONAI 1.6.1 on random logits: each of its calls has a text here with the same value and the same
/// gradient.
class Monai16GoldenTest {
    private static final int CASES = 40;

    /// MONAI computes these, their weights or their distances in float; and squares a one-hot target of
    /// floats.
    private static final Set<String> IN_FLOAT = Set.of(
            "FocalLoss",
            "DiceFocalLoss",
            "GeneralizedDiceLoss",
            "GeneralizedDiceFocalLoss",
            "BoundaryLoss",
            "HausdorffDTLoss",
            "LogHausdorffDTLoss");

    static IntStream cases() {
        return IntStream.range(0, CASES);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void monaiIsMet(int index) throws Exception {
        JsonNode golden = GoldenFile.read("losses-monai16.json").get("cases").get(index);
        String loss = golden.get("loss").asString();
        int[] s = IntStream.range(0, 5)
                .map(i -> golden.get("shape").get(i).asInt())
                .toArray();
        boolean inFloat = IN_FLOAT.contains(loss) || golden.get("kwargs").has("squared_pred");
        Golden.Result ours = MonaiNames.evaluate(
                loss,
                golden.get("kwargs"),
                Golden.shape(List.of(s[0], s[1], s[2], s[3], s[4])),
                Golden.numbers(golden.get("logits")),
                Golden.numbers(golden.get("target")),
                Optional.empty(),
                OptionalInt.empty());
        Golden.assertClose(
                ours,
                golden.get("value").asDouble(),
                Golden.numbers(golden.get("gradient")),
                inFloat ? 1e-6 : 1e-12,
                inFloat ? 1e-8 : 1e-12);
    }

    @Test
    void noCaseIsLeftOut() throws Exception {
        assertThat(GoldenFile.read("losses-monai16.json").get("cases")).hasSize(CASES);
    }
}
