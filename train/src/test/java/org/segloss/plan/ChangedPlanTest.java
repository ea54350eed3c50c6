package org.segloss.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A plan's JSON form in which somebody changed one value to anything.
class ChangedPlanTest {
    private static final JsonMapper JSON = new JsonMapper();

    /// The names of all values and of all that have parts, each from the whole to the part.
    private static List<List<String>> paths(JsonNode node, List<String> path) {
        var paths = new ArrayList<List<String>>();
        if (!path.isEmpty()) {
            paths.add(path);
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> part : node.properties()) {
                paths.addAll(paths(part.getValue(), with(path, part.getKey())));
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                paths.addAll(paths(node.get(i), with(path, "" + i)));
            }
        }
        return paths;
    }

    private static List<String> with(List<String> path, String name) {
        var longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private static void set(JsonNode tree, List<String> path, JsonNode value) {
        JsonNode parent = tree;
        for (String name : path.subList(0, path.size() - 1)) {
            parent = parent.isArray() ? parent.get(Integer.parseInt(name)) : parent.get(name);
        }
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(path.getLast()), value);
        } else {
            ((ObjectNode) parent).set(path.getLast(), value);
        }
    }

    @Test
    void whateverStandsInAPlaceIsReadOrNamedWithWhatWasExpected() {
        for (List<String> path : paths(PlanJson.tree(Variants.PLAN), List.of())) {
            for (String value : List.of(
                    "1.5",
                    "-1",
                    "1e300",
                    "99999999999999999999",
                    "'text'",
                    "''",
                    "true",
                    "null",
                    "{}",
                    "[]",
                    "[1]",
                    "[null]",
                    "{'a': 1}")) {
                ObjectNode tree = PlanJson.tree(Variants.PLAN);
                JsonNode put = JSON.readTree(value.replace('\'', '"'));
                set(tree, path, put);
                String name = String.join(".", path);
                try {
                    PlanJson.read(tree, TrainingPlan.class);
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage().replace("[null] stands there", ""))
                            .as("%s: %s", name, value)
                            .doesNotContain("java", "Exception", "null", "tools.");
                    if (e.getMessage().contains(" stands there")
                            || e.getMessage().endsWith("a value is missing")) {
                        assertThat(e.getMessage()).as("%s: %s", name, value).startsWith(name);
                    }
                }
            }
        }
    }

    private static String problem(String path, String value) {
        ObjectNode tree = PlanJson.tree(Variants.PLAN);
        set(tree, List.of(path.split("\\.")), JSON.readTree(value));
        return assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanJson.read(tree, TrainingPlan.class))
                .actual()
                .getMessage();
    }

    @Test
    void theSentenceSaysWhereItIsWhatStandsThereAndWhatWasExpected() {
        assertThat(problem("threads", "1.5"))
                .isEqualTo("threads: a whole number that is not too large was expected, but 1.5 stands there");
        assertThat(problem("task.ignored-labels", "1.5"))
                .isEqualTo("task.ignored-labels: a list was expected, but 1.5 stands there");
        assertThat(problem("recipe.optimizer", "{}"))
                .isEqualTo("recipe.optimizer: one of adamw, sgd was expected, but {} stands there");
        assertThat(problem("recipe.mirrored-views", "1"))
                .isEqualTo("recipe.mirrored-views: true or false was expected, but 1 stands there");
        assertThat(problem("patch", "7")).isEqualTo("patch: a list was expected, but 7 stands there");
        assertThat(problem("network", "[1]"))
                .isEqualTo("network: names with values were expected, but [1] stands there");
        assertThat(problem("loss", "{\"a\": 1}")).isEqualTo("loss: a text was expected, but {\"a\":1} stands there");
        assertThat(problem("network.kernels.0", "[1, null, 3]")).isEqualTo("network.kernels.0.1: a value is missing");
        assertThat(problem("preprocessing.spacing", "{\"z\": 1}"))
                .isEqualTo("preprocessing.spacing.y: a value is missing");
    }
}
