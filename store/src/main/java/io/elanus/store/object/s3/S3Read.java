package io.elanus.store.object.s3;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * One reading of an object, in as many calls as it takes: each goes on where the last broke off, in
 * the same version of the object.
 */
final class S3Read implements S3Calls.Call<Boolean> {
  private static final int PIECE_BYTES = 1 << 18;

  private final S3Client client;
  private final String bucket;
  private final String name;
  private final Begin begin;
  private final Consumer<MemorySegment> to;

  private @Nullable GetObjectResponse first;
  private Optional<PartDigest> digest = Optional.empty();
  private long length;
  private long at;
  private long atLastTry;

  /** Is told the object's size. */
  @FunctionalInterface
  interface Begin {
    void of(long length);
  }

  S3Read(S3Client client, String bucket, String name, Begin begin, Consumer<MemorySegment> to) {
    this.client = client;
    this.bucket = bucket;
    this.name = name;
    this.begin = begin;
    this.to = to;
  }

  @Override
  public Boolean make() throws IOException {
    atLastTry = at;
    GetObjectResponse known = first;
    ResponseInputStream<GetObjectResponse> in =
        client.getObject(
            b -> {
              b.bucket(bucket).key(name);
              if (known != null) {
                b.ifMatch(known.eTag()).range("bytes=%d-".formatted(at));
              }
            });
    try {
      if (known == null) {
        begin(in.response());
      } else if (in.response().contentLength() != length - at) {
        throw new IOException("the rest of the object has another length");
      }
      copy(in);
    } finally {
      if (at == length) {
        // The connection serves the next call.
        in.close();
      } else {
        // The rest of a body nobody wants is not read to its end.
        in.abort();
      }
    }
    return true;
  }

  private void begin(GetObjectResponse response) {
    first = response;
    length = response.contentLength();
    begin.of(length);
  }

  /** Half of a body is a failure, which another call mends. */
  private void copy(InputStream in) throws IOException {
    if (digest.isEmpty() && at == 0 && first != null) {
      digest = digest(first);
    }
    byte[] piece = new byte[(int) Math.clamp(length - at, 1, PIECE_BYTES)];
    while (at < length) {
      // As it comes: what arrived before a break need not come again.
      int read = in.read(piece, 0, (int) Math.min(piece.length, length - at));
      if (read < 0) {
        throw new IOException("%d of %d bytes came".formatted(at, length));
      }
      MemorySegment bytes = MemorySegment.ofArray(piece).asSlice(0, read);
      digest.ifPresent(d -> d.update(bytes));
      to.accept(bytes);
      at += read;
    }
  }

  private static Optional<PartDigest> digest(GetObjectResponse response) {
    boolean keyService =
        response.serverSideEncryption() == ServerSideEncryption.AWS_KMS
            || response.serverSideEncryption() == ServerSideEncryption.AWS_KMS_DSSE
            || response.sseCustomerAlgorithm() != null;
    String parts = response.metadata().getOrDefault(S3Objects.PART_BYTES, "0");
    long partBytes = parts.matches("\\d{1,12}") ? Long.parseLong(parts) : 0;
    return PartDigest.of(tag(response), partBytes, keyService);
  }

  private static String tag(GetObjectResponse response) {
    return String.valueOf(response.eTag()).replace("\"", "");
  }

  /** Whether the last try got further than a piece. */
  boolean progressed() {
    return at - atLastTry > PIECE_BYTES;
  }

  /** Whether this refusal means that what was begun is not there any more. */
  boolean wasReplaced(AwsServiceException e) {
    return first != null && (e.statusCode() == 412 || e.statusCode() == 416);
  }

  /** After the last byte. */
  void check() throws S3Calls.Garbled {
    if (first != null && digest.isPresent() && !digest.get().tag().equals(tag(first))) {
      throw new S3Calls.Garbled("the checksum differs");
    }
  }
}
