package org.segloss.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.fs.s3a.UnknownStoreException;
import org.apache.hadoop.fs.s3a.auth.NoAuthWithAWSException;
import org.segloss.file.ObjectUrl;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// What is wrong with a store, in the user's words.
final class StoreProblem {
    private StoreProblem() {}

    /// {@return what says what is wrong}: an [IOException] of a wrong name or wrong rights, a [FileSystemException]
    /// of a store that doesn't answer
    static IOException of(ObjectUrl url, Exception e) {
        String words = null;
        if (e instanceof UnknownStoreException) {
            words = "there is no bucket '%s'. Check the name, or make it first".formatted(url.bucket());
        } else if (find(e, UnsupportedFileSystemException.class).isPresent()
                || find(e, ClassNotFoundException.class).isPresent()) {
            words = "nothing here knows %s://. Put its connector for Hadoop into SEGLOSS_CLASSPATH, or use s3a://"
                    .formatted(url.scheme());
        } else if (e instanceof AccessDeniedException
                && find(e, NoAuthWithAWSException.class).isPresent()) {
            words =
                    "there are no credentials for it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or give the machine a role";
        } else if (e instanceof AccessDeniedException) {
            words = "access is denied%s. Check the credentials, and what they may do in the bucket".formatted(code(e));
        }
        if (words != null) {
            return new IOException("%s: %s".formatted(url, words), e);
        }
        if (e instanceof FileSystemException local
                && find(e, AwsServiceException.class).isEmpty()) {
            // of a file here
            return local;
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        var problem = new FileSystemException(
                url.toString(),
                null,
                find(e, SdkClientException.class).isPresent()
                        ? "the store doesn't answer (%s). Check the network, and AWS_ENDPOINT_URL if it isn't Amazon's"
                                .formatted(firstLine(root))
                        : "the store failed%s: %s".formatted(code(e), firstLine(root)));
        problem.initCause(e);
        return problem;
    }

    private static String firstLine(Throwable e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
    }

    private static String code(Exception e) {
        return find(e, AwsServiceException.class)
                .map(AwsServiceException::awsErrorDetails)
                .map(AwsErrorDetails::errorCode)
                .map(" (%s)"::formatted)
                .orElse("");
    }

    private static <T> Optional<T> find(Throwable e, Class<T> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
