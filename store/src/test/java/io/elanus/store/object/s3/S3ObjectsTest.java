package io.elanus.store.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.ObjectStore;
import io.elanus.store.object.ObjectStoreContract;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract over a server that was not written here, and what only buckets have. */
@ExtendWith(Buckets.class)
class S3ObjectsTest extends ObjectStoreContract {
  private final Buckets.Stand stand;
  private final List<S3Objects> opened = new ArrayList<>();

  @TempDir Path folder;

  S3ObjectsTest(Buckets.Stand stand) {
    this.stand = stand;
  }

  @Override
  protected ObjectStore create() {
    return open(stand.fresh());
  }

  private S3Objects open(S3Config config) {
    S3Objects objects = S3Objects.open(config, new Random(opened.size()), millis -> {});
    opened.add(objects);
    return objects;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(S3Objects::close);
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private static int uploads(S3Config config) {
    try (var client = S3Connection.open(config)) {
      return client
          .listMultipartUploads(b -> b.bucket(config.bucket()).prefix(config.prefix() + "/"))
          .uploads()
          .size();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        S3Config.PART_BYTES_LEAST - 1,
        S3Config.PART_BYTES_LEAST,
        S3Config.PART_BYTES_LEAST + 1,
        2 * S3Config.PART_BYTES_LEAST,
        2 * S3Config.PART_BYTES_LEAST + 12_345
      })
  void largeObjectsTravelInParts(int bytes) {
    S3Config config = stand.fresh();
    S3Objects large = open(config);
    byte[] content = random(bytes);
    try (ObjectStore.Writer writer = large.create("a/large")) {
      for (int at = 0; at < bytes; at += 700_001) {
        writer.write(MemorySegment.ofArray(content).asSlice(at, Math.min(700_001, bytes - at)));
      }
      assertThat(uploads(config)).isEqualTo(bytes > S3Config.PART_BYTES_LEAST ? 1 : 0);
      assertThat(large.exists("a/large")).isFalse();
      writer.commit();
    }
    assertThat(large.read("a/large")).isEqualTo(content);
    assertThat(large.size("a/large")).isEqualTo(bytes);
    assertThat(uploads(config)).isZero();
    try (var client = S3Connection.open(config)) {
      String tag =
          client.headObject(b -> b.bucket(config.bucket()).key(config.name("a/large"))).eTag();
      PartDigest digest =
          new PartDigest(bytes > S3Config.PART_BYTES_LEAST ? S3Config.PART_BYTES_LEAST : 0);
      digest.update(MemorySegment.ofArray(content));
      assertThat(tag).as("the server computes it as we do").isEqualTo('"' + digest.tag() + '"');
    }
  }

  @Test
  void partsOfWhatIsNotCommittedGo() {
    S3Config config = stand.fresh();
    S3Objects large = open(config);
    try (ObjectStore.Writer writer = large.create("a")) {
      writer.write(MemorySegment.ofArray(random(S3Config.PART_BYTES_LEAST + 1)));
      assertThat(uploads(config)).isEqualTo(1);
    }
    assertThat(uploads(config)).isZero();
    assertThat(large.list("")).isEmpty();
    // Of a writer that died: nothing is seen, and the next one clears it away.
    ObjectStore.Writer dead = large.create("b");
    dead.write(MemorySegment.ofArray(random(S3Config.PART_BYTES_LEAST + 1)));
    S3Config other = stand.fresh();
    ObjectStore.Writer elsewhere = open(other).create("b");
    elsewhere.write(MemorySegment.ofArray(random(S3Config.PART_BYTES_LEAST + 1)));
    assertThat(large.list("")).isEmpty();
    large.abortUnfinished();
    assertThat(uploads(config)).isZero();
    assertThat(uploads(other)).as("another prefix is somebody else's").isEqualTo(1);
    elsewhere.close();
    dead.close();
  }

  @Test
  void listsMoreThanOnePage() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 1_003; i++) {
      keys.add("n/%04d".formatted(i));
      objects.put(keys.getLast(), new byte[0]);
    }
    assertThat(objects.list("n/")).isEqualTo(keys);
  }

  @Test
  void aTagFencesWhoWasOvertaken() {
    S3Objects bucket = open(stand.fresh());
    String first = bucket.putIf("x", new byte[] {1}, null).orElseThrow();
    String second = bucket.putIf("x", new byte[] {2}, first).orElseThrow();
    assertThat(bucket.putIf("x", new byte[] {3}, first)).isEmpty();
    assertThat(bucket.read("x")).containsExactly(2);
    bucket.delete("x");
    assertThat(bucket.putIf("x", new byte[] {4}, second)).isEmpty();
    assertThat(bucket.exists("x")).isFalse();
  }

  private static void refused(S3Objects objects, ErrorCode code, String... words) {
    for (Runnable call :
        List.<Runnable>of(
            () -> objects.put("k/x", new byte[1]),
            () -> objects.putIfAbsent("k/x", new byte[1]),
            () -> objects.read("k/x"),
            () -> objects.list("k/"))) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              ElanusException.class,
              e -> assertThat(e.code()).as("%s", e.getMessage()).isEqualTo(code))
          .hasMessageContainingAll(words);
    }
  }

  @Test
  void saysWhatIsWrongWithBucketKeysAndAddress() throws IOException {
    S3Config good = stand.fresh();
    S3Config noBucket =
        S3Config.of("s3://nobodys-bucket/x")
            .at(stand.server().endpoint())
            .withPathStyle(true)
            .inRegion("us-east-1")
            .as(Optional.empty(), Optional.of(stand.keys()));
    refused(
        open(noBucket),
        ErrorCode.INVALID_ARGUMENT,
        "there is no bucket nobodys-bucket at",
        stand.server().endpoint().toString(),
        "create it");
    Path unknown = folder.resolve("unknown");
    Buckets.write(unknown, "somebody-else", "not-my-secret");
    refused(
        open(good.as(Optional.empty(), Optional.of(unknown))),
        ErrorCode.NOT_PERMITTED,
        "does not know the access key",
        "--credentials-file");
    Path wrong = folder.resolve("wrong");
    Buckets.write(wrong, io.elanus.bucket.BucketProcess.ACCESS_KEY, "not-my-secret");
    S3Objects wrongSecret = open(good.as(Optional.empty(), Optional.of(wrong)));
    refused(wrongSecret, ErrorCode.NOT_PERMITTED, "the secret key is wrong");
    assertThat(wrongSecret.toString()).isEqualTo("s3://" + Buckets.BUCKET + "/" + good.prefix());
    assertThat(good.toString()).doesNotContain(io.elanus.bucket.BucketProcess.SECRET_KEY);
    refused(
        open(good.at(URI.create("http://127.0.0.1:1")).withPathStyle(true)),
        ErrorCode.NOT_READY,
        "http://127.0.0.1:1",
        "s3://" + Buckets.BUCKET + "/" + good.prefix() + "/k/",
        "failed 4 times",
        "try again later");
  }

  @Test
  void saysWhereCredentialsWereLookedFor() throws IOException {
    S3Config good = stand.fresh();
    for (S3Config bad :
        List.of(
            good.as(Optional.empty(), Optional.of(folder.resolve("nothing"))),
            good.as(
                Optional.empty(), Optional.of(Files.writeString(folder.resolve("no"), "what?"))),
            good.as(Optional.of("nobody"), Optional.of(stand.keys())))) {
      assertThatThrownBy(() -> open(bad))
          .isInstanceOf(ElanusException.class)
          .hasMessageContainingAll("no credentials", "AWS_ACCESS_KEY_ID", "--credentials-file");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://", "s3://A", "s3://a_b/c", "s3://ab", "/x", "s3://abc//x", "s3://abc/a b"})
  void refusesWhatIsNoAddress(String address) {
    assertThatThrownBy(() -> S3Config.of(address))
        .isInstanceOf(ElanusException.class)
        .hasMessageContainingAll(address, "s3://bucket/prefix");
  }

  @Test
  void readsAddresses() {
    assertThat(S3Config.of("s3://my.bucket-1").name("k")).isEqualTo("k");
    assertThat(S3Config.of("s3://abc/").name("k")).isEqualTo("k");
    assertThat(S3Config.of("s3://abc/a/b/").address("k")).isEqualTo("s3://abc/a/b/k");
  }
}
