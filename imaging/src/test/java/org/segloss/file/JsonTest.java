package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
    @Test
    void textsInAPageShowVisibleCharactersAlone() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", "a\u202eb\u001b\n");
        shown.put("more", List.of("</script>", "\udb40\udc41"));
        shown.put("number", 0.1);
        shown.put("counts", Map.of("n", 1));
        String json = Json.inHtml(shown);
        assertThat(json)
                .isEqualTo(
                        "{\"name\":\"a\\\\u202eb\\\\u001b\\n\",\"more\":[\"\\u003c/script>\",\"\\\\udb40\\\\udc41\"],\"number\":0.1,\"counts\":{\"n\":1}}");
        assertThat(new JsonMapper().readTree(json).get("name").stringValue()).isEqualTo("a\\u202eb\\u001b\n");
    }
}
