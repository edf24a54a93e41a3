package io.elanus.bucket;

import java.io.IOException;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/**
 * An S3 server over memory, on a port of loopback that it prints; ends when its input does. {@link
 * BucketProcess} starts it.
 */
final class BucketServer {
  private BucketServer() {}

  /**
   * @param arguments access key, secret key, names of the buckets that it begins with
   */
  public static void main(String[] arguments) throws Exception {
    BlobStore blobs = BlobStores.create("transient", new Properties());
    for (int i = 2; i < arguments.length; i++) {
      blobs.createContainer(arguments[i]);
    }
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(blobs)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, arguments[0], arguments[1])
            .ignoreUnknownHeaders(true)
            .jettyMaxThreads(32)
            .build();
    proxy.start();
    System.out.println(BucketProcess.READY + proxy.getPort());
    System.out.flush();
    awaitEnd();
    proxy.stop();
    System.exit(0);
  }

  /** Whoever started this died or closed the pipe. */
  private static void awaitEnd() throws IOException {
    while (System.in.read() >= 0) {
      continue;
    }
  }
}
