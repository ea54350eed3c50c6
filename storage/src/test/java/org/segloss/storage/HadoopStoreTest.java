package org.segloss.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.file.ObjectUrl;
import org.segloss.store.ObjectStore;

class HadoopStoreTest {
    private static final ObjectUrl FOLDER = ObjectUrl.parse("s3a://bucket/some/folder");

    @TempDir
    static Path shared;

    private static S3Server server;
    private static ObjectStore store;

    @BeforeAll
    static void start() throws IOException {
        server = new S3Server(shared.resolve("s3"));
        store = store(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectStore store(Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "fs.s3a.endpoint",
                server.environment().get("AWS_ENDPOINT_URL"),
                "fs.s3a.path.style.access",
                "true",
                "fs.s3a.access.key",
                server.environment().get("AWS_ACCESS_KEY_ID"),
                "fs.s3a.secret.key",
                S3Server.SECRET));
        settings.putAll(others);
        return ObjectStore.known().with(settings);
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    @Test
    void filesAreWrittenListedReadAndDeleted() throws IOException {
        assertThat(store.list(FOLDER)).isEmpty();
        ObjectUrl file = FOLDER.child("a/b c+d.txt");
        String first = store.write(file, text("one"));
        assertThat(store.list(FOLDER)).containsExactly(new ObjectStore.Item("a/b c+d.txt", 3, first));
        assertThat(store.list(ObjectUrl.parse("s3a://bucket")))
                .extracting(ObjectStore.Item::name)
                .contains("some/folder/a/b c+d.txt");
        // as long, but not the same
        String second = store.write(file, text("two"));
        assertThat(second).isNotEqualTo(first).doesNotContain(" ");
        var read = new ByteArrayOutputStream();
        store.read(file, read);
        assertThat(read.toString(UTF_8)).isEqualTo("two");
        store.delete(file);
        store.delete(file);
        assertThat(store.list(FOLDER)).isEmpty();
    }

    @Test
    void aFileOfWhichAPartCouldBeReadIsNotWritten() throws IOException {
        ObjectUrl file = FOLDER.child("part.txt");
        var broken = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left == 0) {
                    throw new IOException("the disk is broken");
                }
                left--;
                return 'x';
            }
        };
        assertThatThrownBy(() -> store.write(file, broken)).hasMessageContaining("the disk is broken");
        assertThat(store.list(FOLDER)).extracting(ObjectStore.Item::name).doesNotContain("part.txt");
    }

    @Test
    void anUnknownBucketIsNamed() {
        assertThatThrownBy(() -> store.list(ObjectUrl.parse("s3a://buket/data")))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("s3a://buket/data: there is no bucket 'buket'. Check the name, or make it first");
        assertThatThrownBy(() -> store.write(ObjectUrl.parse("s3a://buket/data"), text("x")))
                .hasMessageContaining("there is no bucket 'buket'");
    }

    @Test
    void aWrongKeyIsDeniedAndNotRepeated() {
        ObjectStore denied = store(Map.of("fs.s3a.secret.key", "wrong-secret"));
        assertThatThrownBy(() -> denied.list(FOLDER))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith("s3a://bucket/some/folder: access is denied")
                .hasMessageContaining("Check the credentials")
                .hasMessageNotContaining("wrong-secret");
    }

    @Test
    void missingCredentialsAreSaidWithWhereTheyCanBe() {
        ObjectStore none = store(Map.of(
                "fs.s3a.aws.credentials.provider",
                "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider"));
        assertThatThrownBy(() -> none.list(FOLDER))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("there are no credentials for it. Set AWS_ACCESS_KEY_ID");
    }

    @Test
    void aStoreThatDoesNotAnswerIsGivenUpInLessThanAMinute() {
        ObjectStore gone = store(Map.of("fs.s3a.endpoint", "http://127.0.0.1:9"));
        long start = System.nanoTime();
        assertThatThrownBy(() -> gone.list(FOLDER))
                // no wrong call
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("s3a://bucket/some/folder: the store doesn't answer (Connection refused)");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void aStoreWithoutConnectorIsNamed() {
        assertThatThrownBy(() -> store.list(ObjectUrl.parse("gs://bucket/data")))
                .hasMessageContaining("nothing here knows gs://")
                .hasMessageContaining("SEGLOSS_CLASSPATH");
    }
}
