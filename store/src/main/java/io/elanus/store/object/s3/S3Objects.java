package io.elanus.store.object.s3;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.Keys;
import io.elanus.store.object.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Objects in a bucket, under a prefix. Every body carries its MD5 there, and is compared with what
 * the store has of it on the way back; what may pass is tried again, what may not becomes a
 * sentence. {@link #map} takes memory of the object's size; {@link #stream} does not.
 */
public final class S3Objects implements ObjectStore, AutoCloseable {
  /** Metadata: bytes of a part, so that the checksum of parts can be made again. */
  static final String PART_BYTES = "elanus-part-bytes";

  /** Metadata: who wrote this, to tell one's own write whose response was lost. */
  private static final String MARK = "elanus-write";

  private static final int MARK_BYTES = 16;

  /** How often an object that arrives with a wrong checksum is read. */
  private static final int READS = 3;

  private final S3Config config;
  private final S3Client client;
  private final S3Calls calls;
  private final RandomGenerator random;

  private S3Objects(S3Config config, S3Client client, RandomGenerator random, Pause pause) {
    this.config = config;
    this.client = client;
    this.random = random;
    this.calls = new S3Calls(config, random, pause);
  }

  /**
   * Asks nobody yet, but finds the credentials.
   *
   * @throws ElanusException INVALID_ARGUMENT where there are none, or no region
   */
  public static S3Objects open(S3Config config, RandomGenerator random, Pause pause) {
    return new S3Objects(config, S3Connection.open(config), random, pause);
  }

  // --- write ------------------------------------------------------------------------------------

  @Override
  public Writer create(String key) {
    return new S3Writer(this, Keys.check(key), config.partBytes());
  }

  @Override
  public void put(String key, byte[] content) {
    PutObjectRequest request = request(Keys.check(key), content, mark()).build();
    calls.simple("write", key, () -> client.putObject(request, RequestBody.fromBytes(content)));
  }

  private PutObjectRequest.Builder request(String key, byte[] content, String mark) {
    return PutObjectRequest.builder()
        .bucket(config.bucket())
        .key(config.name(key))
        .contentMD5(PartDigest.header(content, content.length))
        .contentLength((long) content.length)
        .metadata(Map.of(MARK, mark));
  }

  /** Never the same twice. */
  private String mark() {
    byte[] bytes = new byte[MARK_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return putIf(key, content, null).isPresent();
  }

  /**
   * Puts the object where it is still the one of this tag, or absent.
   *
   * @param tag null for absent
   * @return its new tag; empty where another was faster
   */
  Optional<String> putIf(String key, byte[] content, @Nullable String tag) {
    String mark = mark();
    PutObjectRequest.Builder request = request(Keys.check(key), content, mark);
    PutObjectRequest conditional =
        tag == null ? request.ifNoneMatch("*").build() : request.ifMatch(tag).build();
    try {
      return Optional.of(
          calls
              .make(
                  "write", key, () -> client.putObject(conditional, RequestBody.fromBytes(content)))
              .eTag());
    } catch (AwsServiceException e) {
      boolean missing = e.statusCode() == 404 && tag != null;
      if (e.statusCode() != 412 && !missing) {
        throw calls.sentences().refused("write", key, e);
      }
      // It may be ours: a try whose response was lost did not fail.
      return head(key)
          .filter(there -> mark.equals(there.metadata().get(MARK)))
          .map(HeadObjectResponse::eTag);
    }
  }

  /** A small object with its tag. */
  record Tagged(byte[] content, String tag) {}

  /** Empty where there is none. */
  Optional<Tagged> tagged(String key) {
    String name = config.name(Keys.check(key));
    try {
      return Optional.of(
          calls.make(
              "read",
              key,
              () -> {
                var there = client.getObjectAsBytes(b -> b.bucket(config.bucket()).key(name));
                return new Tagged(there.asByteArray(), there.response().eTag());
              }));
    } catch (AwsServiceException e) {
      if (S3Sentences.codeOf(e).equals("NoSuchKey")) {
        return Optional.empty();
      }
      throw calls.sentences().refused("read", key, e);
    }
  }

  S3Upload begin(String key) {
    String mark = mark();
    Map<String, String> metadata =
        Map.of(MARK, mark, PART_BYTES, Integer.toString(config.partBytes()));
    return new S3Upload(
        key,
        calls
            .simple(
                "write",
                key,
                () ->
                    client.createMultipartUpload(
                        b -> b.bucket(config.bucket()).key(config.name(key)).metadata(metadata)))
            .uploadId(),
        mark);
  }

  CompletedPart part(S3Upload upload, int number, byte[] bytes, int length) {
    String md5 = PartDigest.header(bytes, length);
    UploadPartResponse sent =
        calls.simple(
            "write",
            upload.key(),
            () ->
                client.uploadPart(
                    b ->
                        b.bucket(config.bucket())
                            .key(config.name(upload.key()))
                            .uploadId(upload.id())
                            .partNumber(number)
                            .contentMD5(md5)
                            .contentLength((long) length),
                    RequestBody.fromByteBuffer(java.nio.ByteBuffer.wrap(bytes, 0, length))));
    return CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build();
  }

  void complete(S3Upload upload, List<CompletedPart> parts) {
    String key = upload.key();
    try {
      calls.make(
          "write",
          key,
          () ->
              client.completeMultipartUpload(
                  b ->
                      b.bucket(config.bucket())
                          .key(config.name(key))
                          .uploadId(upload.id())
                          .multipartUpload(m -> m.parts(parts))));
    } catch (AwsServiceException e) {
      // Completed already, by a try whose response was lost.
      boolean ours =
          e.statusCode() == 404
              && head(key)
                  .filter(there -> upload.mark().equals(there.metadata().get(MARK)))
                  .isPresent();
      if (!ours) {
        throw calls.sentences().refused("write", key, e);
      }
    }
  }

  void abort(S3Upload upload) {
    abort(config.name(upload.key()), upload.id(), upload.key());
  }

  private void abort(String name, String id, String key) {
    try {
      calls.make(
          "abort the upload of",
          key,
          () -> client.abortMultipartUpload(b -> b.bucket(config.bucket()).key(name).uploadId(id)));
    } catch (AwsServiceException e) {
      if (e.statusCode() != 404) {
        throw calls.sentences().refused("abort the upload of", key, e);
      }
    }
  }

  ElanusException tooLarge(String key, long mostBytes) {
    return new ElanusException(
        ErrorCode.TOO_LARGE,
        "%s would be larger than %d GiB, the most an object takes here"
            .formatted(config.address(key), mostBytes >> 30));
  }

  /** Throws away what writers that died left, which would be paid for and never seen. */
  public void abortUnfinished() {
    List<MultipartUpload> left =
        calls.simple(
            "list the unfinished uploads of",
            "",
            () -> {
              List<MultipartUpload> all = new ArrayList<>();
              client
                  .listMultipartUploadsPaginator(b -> b.bucket(config.bucket()).prefix(within("")))
                  .uploads()
                  .forEach(all::add);
              return all;
            });
    for (MultipartUpload upload : left) {
      if (upload.key().startsWith(within(""))) {
        abort(upload.key(), upload.uploadId(), upload.key().substring(within("").length()));
      }
    }
  }

  // --- read -------------------------------------------------------------------------------------

  @Override
  public byte[] read(String key) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    whole(
        key,
        length -> bytes.reset(),
        piece -> bytes.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE)));
    return bytes.toByteArray();
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    Memory memory = new Memory(arena);
    whole(key, memory::begin, memory::add);
    return memory.bytes.asReadOnly();
  }

  /** Of an object of known size; begun again where it arrived damaged. */
  private static final class Memory {
    private static final int ALIGNMENT = 64;

    private final Arena arena;
    private MemorySegment bytes = MemorySegment.NULL;
    private long filled;

    Memory(Arena arena) {
      this.arena = arena;
    }

    void begin(long length) {
      if (bytes.byteSize() != length || bytes.address() == 0) {
        bytes = arena.allocate(Math.max(1, length), ALIGNMENT).asSlice(0, length);
      }
      filled = 0;
    }

    void add(MemorySegment piece) {
      MemorySegment.copy(piece, 0, bytes, filled, piece.byteSize());
      filled += piece.byteSize();
    }
  }

  private void whole(String key, S3Read.Begin begin, Consumer<MemorySegment> to) {
    for (int read = 1; ; read++) {
      try {
        read(key, begin, to);
        return;
      } catch (S3Calls.Garbled e) {
        if (read == READS) {
          throw calls.sentences().garbled(key, e);
        }
      }
    }
  }

  @Override
  public void stream(String key, Consumer<MemorySegment> to) {
    try {
      read(key, length -> {}, to);
    } catch (S3Calls.Garbled e) {
      throw calls.sentences().garbled(key, e);
    }
  }

  private void read(String key, S3Read.Begin begin, Consumer<MemorySegment> to)
      throws S3Calls.Garbled {
    S3Read read = new S3Read(client, config.bucket(), config.name(Keys.check(key)), begin, to);
    try {
      calls.make("read", key, read::progressed, read);
    } catch (AwsServiceException e) {
      throw read.wasReplaced(e)
          ? calls.sentences().replaced(key)
          : calls.sentences().refused("read", key, e);
    }
    read.check();
  }

  @Override
  public boolean exists(String key) {
    return head(key).isPresent();
  }

  @Override
  public long size(String key) {
    return head(key).orElseThrow(() -> calls.sentences().missing(key)).contentLength();
  }

  private Optional<HeadObjectResponse> head(String key) {
    String name = config.name(Keys.check(key));
    try {
      return Optional.of(
          calls.make(
              "look at", key, () -> client.headObject(b -> b.bucket(config.bucket()).key(name))));
    } catch (AwsServiceException e) {
      if (e.statusCode() == 404 && !S3Sentences.codeOf(e).equals("NoSuchBucket")) {
        return Optional.empty();
      }
      throw calls.sentences().refused("look at", key, e);
    }
  }

  // --- names ------------------------------------------------------------------------------------

  @Override
  public void delete(String key) {
    String name = config.name(Keys.check(key));
    calls.simple(
        "delete", key, () -> client.deleteObject(b -> b.bucket(config.bucket()).key(name)));
  }

  @Override
  public void deleteAll(String prefix) {
    list(prefix).forEach(this::delete);
  }

  @Override
  public List<String> list(String prefix) {
    return List.copyOf(sizes(prefix).keySet());
  }

  @Override
  public SortedMap<String, Long> sizes(String prefix) {
    String from = within(Keys.checkPrefix(prefix));
    SortedMap<String, Long> sizes = new TreeMap<>();
    @Nullable String next = null;
    do {
      String token = next;
      ListObjectsV2Response page =
          calls.simple(
              "list",
              prefix,
              () ->
                  client.listObjectsV2(
                      b -> b.bucket(config.bucket()).prefix(from).continuationToken(token)));
      for (S3Object each : page.contents()) {
        String key = each.key().substring(within("").length());
        // A marker of a folder, as consoles make them, is no object of ours.
        if (!key.isEmpty() && !key.endsWith("/")) {
          sizes.put(key, each.size());
        }
      }
      next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (next != null);
    return sizes;
  }

  private String within(String prefix) {
    return config.prefix().isEmpty() ? prefix : config.prefix() + "/" + prefix;
  }

  /** As people write it. */
  public String address() {
    return config.prefix().isEmpty()
        ? "s3://" + config.bucket()
        : "s3://" + config.bucket() + "/" + config.prefix();
  }

  @Override
  public String toString() {
    return address();
  }

  @Override
  public void close() {
    client.close();
  }
}
