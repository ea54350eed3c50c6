package org.segloss.storage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.filesystem.FilesystemApiMetadata;
import org.segloss.file.ObjectUrl;

/// The program behind an [S3Server], with all that it needs on its class path.
final class S3Process {
    private S3Process() {}

    /// `serve FOLDER PORT` or `put FOLDER URL`.
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve(arguments[1], arguments[2]);
        } else {
            put(Path.of(arguments[1]), ObjectUrl.parse(arguments[2]));
        }
        System.exit(0);
    }

    private static void serve(String folder, String port) throws Exception {
        var place = new Properties();
        place.setProperty("jclouds.filesystem.basedir", folder);
        BlobStoreContext context = ContextBuilder.newBuilder(new FilesystemApiMetadata())
                .credentials("none", "none")
                .overrides(place)
                .build(BlobStoreContext.class);
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, S3Server.KEY, S3Server.SECRET)
                .build();
        proxy.start();
        while (!proxy.getState().equals("STARTED")) {
            Thread.sleep(10);
        }
        System.out.println(S3Server.PORT + proxy.getPort());
        // until the program ends that has started it
        while (System.in.read() >= 0) {
            // nobody says anything
        }
    }

    private static void put(Path from, ObjectUrl to) throws IOException {
        var store = new HadoopStore();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    store.write(to.child(from.relativize(file).toString()), in);
                }
            }
        }
    }
}
