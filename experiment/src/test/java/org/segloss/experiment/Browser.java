package org.segloss.experiment;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A page in Chromium, by its DevTools protocol: a driver of one's own is a few methods, those to be had bring 200 MB.
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final JsonMapper JSON = new JsonMapper();
    private static final long SECONDS = 30;

    private final Process process;
    private final HttpClient client;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new HashMap<>();
    private final List<JsonNode> events = new ArrayList<>();
    private int last;

    private Browser(Process process, int port) throws Exception {
        this.process = process;
        this.client = HttpClient.newHttpClient();
        String pages = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/json/list".formatted(port)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        String address = JSON.readTree(pages)
                .valueStream()
                .filter(page -> page.path("type").asString().equals("page"))
                .findFirst()
                .orElseThrow()
                .path("webSocketDebuggerUrl")
                .asString();
        this.socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .get(SECONDS, TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Map.of());
        }
    }

    /// {@return the program}
    /// @throws IllegalStateException if it is not installed
    static Path program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "the report is tested in Chromium, which is not on the path (Debian: apt-get install chromium)"));
    }

    static Browser start(Path profile) throws Exception {
        Process process = new ProcessBuilder(
                        program().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--remote-allow-origins=*",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        for (int i = 0; i < SECONDS * 20 && !(Files.exists(port) && Files.size(port) > 0); i++) {
            if (!process.isAlive()) {
                throw new IOException("Chromium ended with " + process.exitValue());
            }
            Thread.sleep(50);
        }
        return new Browser(process, Integer.parseInt(Files.readAllLines(port).getFirst()));
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
            text.append(data);
            if (whole) {
                received(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private synchronized void received(JsonNode message) {
        if (message.has("id")) {
            answers.remove(message.path("id").asInt()).complete(message);
        } else {
            events.add(message);
            notifyAll();
        }
    }

    JsonNode send(String method, Map<String, ?> parameters) throws Exception {
        var answer = new CompletableFuture<JsonNode>();
        synchronized (this) {
            answers.put(++last, answer);
            socket.sendText(JSON.writeValueAsString(Map.of("id", last, "method", method, "params", parameters)), true)
                    .join();
        }
        JsonNode message = answer.get(SECONDS, TimeUnit.SECONDS);
        if (message.has("error")) {
            throw new IOException(method + ": " + message.path("error"));
        }
        return message.path("result");
    }

    /// Opens a page and forgets what happened before.
    void open(Path file) throws Exception {
        synchronized (this) {
            events.clear();
        }
        send("Page.navigate", Map.of("url", file.toUri().toString()));
        synchronized (this) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (events("Page.loadEventFired", _ -> true).isEmpty() && System.nanoTime() < end) {
                wait(200);
            }
        }
    }

    /// {@return what happened since the page was opened}
    synchronized List<JsonNode> events(String method, Predicate<JsonNode> which) {
        return events.stream()
                .filter(e -> e.path("method").asString().equals(method))
                .map(e -> e.path("params"))
                .filter(which)
                .toList();
    }

    void size(int width, int height, boolean dark) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /// {@return what an expression, or a promise, gives}
    JsonNode evaluate(String script) throws Exception {
        JsonNode result =
                send("Runtime.evaluate", Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IOException(script + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    void waitFor(String condition) throws Exception {
        for (int i = 0; i < SECONDS * 20; i++) {
            if (evaluate(condition).asBoolean()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IOException("never became true: " + condition);
    }

    void key(String key) throws Exception {
        send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /// @param x from the left end, 0 to 1
    void click(String selector, double x, double y) throws Exception {
        double[] at = at(selector, x, y);
        for (String type : List.of("mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of("type", type, "x", at[0], "y", at[1], "button", "left", "clickCount", 1));
        }
    }

    void wheel(String selector, double down) throws Exception {
        double[] at = at(selector, 0.5, 0.5);
        send(
                "Input.dispatchMouseEvent",
                Map.of("type", "mouseWheel", "x", at[0], "y", at[1], "deltaX", 0, "deltaY", down));
    }

    private double[] at(String selector, double x, double y) throws Exception {
        JsonNode box = evaluate("""
                (() => { const e = document.querySelector(%s); e.scrollIntoView({ block: 'center' });
                  const b = e.getBoundingClientRect(); return [b.left + %s * b.width, b.top + %s * b.height]; })()
                """.formatted(JSON.writeValueAsString(selector), x, y));
        return new double[] {box.get(0).asDouble(), box.get(1).asDouble()};
    }

    byte[] screenshot() throws Exception {
        return Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
                        .path("data")
                        .asString());
    }

    byte[] pdf() throws Exception {
        return Base64.getDecoder()
                .decode(send("Page.printToPDF", Map.of("preferCSSPageSize", true))
                        .path("data")
                        .asString());
    }

    @Override
    public void close() {
        socket.abort();
        client.close();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
    }
}
