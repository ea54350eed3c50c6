package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.file.ObjectUrl.Use;

class ObjectUrlTest {
    @ParameterizedTest
    @CsvSource({
        "s3a://bucket, s3a, bucket, ''",
        "s3a://bucket/, s3a, bucket, ''",
        "s3a://bucket/a/b, s3a, bucket, a/b",
        "s3a://bucket/a b+c/, s3a, bucket, a b+c",
        "hdfs://host:8020/user/me, hdfs, host:8020, user/me",
        "abfs://container@account.dfs.core.windows.net/a, abfs, container@account.dfs.core.windows.net, a"
    })
    void urlsOfStoresAreRead(String text, String scheme, String bucket, String key) {
        assertThat(ObjectUrl.isUrl(text)).isTrue();
        assertThat(ObjectUrl.parse(text)).isEqualTo(new ObjectUrl(scheme, bucket, key));
        assertThat(ObjectUrl.parse(ObjectUrl.parse(text).toString())).isEqualTo(ObjectUrl.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3://bucket/data | write s3a://bucket/data",
                "s3a:///data | names no bucket",
                "s3a://bucket/a//b | empty",
                "s3a://bucket/../b | '..'",
                "file:///data | no object store's",
                "https://bucket.s3.amazonaws.com/data | no object store's"
            })
    void othersAreRefusedWithWhatToWrite(String text, String reason) {
        assertThatThrownBy(() -> ObjectUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void credentialsInAUrlAreRefusedAndNotRepeated() {
        // a secret may have a slash, and its end may be missing
        for (String text :
                List.of("s3a://AKID:hidden@bucket/data", "s3a://AKID:hid/hidden@bucket/data", "s3a://AKID:hidden")) {
            assertThatThrownBy(() -> ObjectUrl.parse(text))
                    .hasMessageContaining("must not hold credentials")
                    .hasMessageNotContaining("hid");
        }
        assertThat(ObjectUrl.parse("hdfs://node:8020/data@home").key()).isEqualTo("data@home");
        assertThat(ObjectUrl.parse("abfss://box@account.dfs.core.windows.net/data")
                        .key())
                .isEqualTo("data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "/data", "C:\\data", "C:/data", "./s3a:/bucket", "a:b"})
    void pathsAreNone(String text) {
        assertThat(ObjectUrl.isUrl(text)).isFalse();
    }

    @Test
    void aDataSetIsCalledByItsUrlOnAllMachines() {
        for (String text : new String[] {"s3a://bucket/some/data", "s3a://bucket"}) {
            Path folder = ObjectUrl.folder(text);
            assertThat(folder)
                    .isEqualTo(ObjectUrl.parse(text).copy(Use.DATA))
                    .startsWithRaw(CacheFolder.ofThisMachine());
            assertThat(ObjectUrl.name(folder)).isEqualTo(text);
        }
        assertThat(ObjectUrl.folder("some/data")).isEqualTo(Path.of("some", "data"));
        assertThat(ObjectUrl.name(Path.of("some", "data")))
                .isEqualTo(Path.of("some", "data").toAbsolutePath().toString());
    }

    @Test
    void whatDiffersInUseHasCopiesOfItsOwn() {
        ObjectUrl run = ObjectUrl.parse("s3a://bucket/run");
        assertThat(run.copy(Use.RUN)).isNotEqualTo(run.copy(Use.CELLS)).endsWithRaw(Path.of("s3a", "bucket", "run"));
    }

    @Test
    void oneLiesWithinAnother() {
        ObjectUrl data = ObjectUrl.parse("s3a://bucket/data");
        assertThat(data.child("run").isWithin(data)).isTrue();
        assertThat(data.isWithin(data)).isTrue();
        assertThat(data.isWithin(data.child("run"))).isFalse();
        assertThat(ObjectUrl.parse("s3a://bucket/data2").isWithin(data)).isFalse();
        assertThat(data.isWithin(ObjectUrl.parse("s3a://bucket"))).isTrue();
    }
}
