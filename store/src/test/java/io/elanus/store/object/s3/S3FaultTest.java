package io.elanus.store.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.ObjectStore;
import io.elanus.store.object.s3.FaultyRoad.Accident;
import io.elanus.store.object.s3.FaultyRoad.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network and a busy server do to calls, and what becomes of them. */
@ExtendWith(Buckets.class)
class S3FaultTest {
  private static final int TRIES = 4;
  private static final byte[] CONTENT = random(100_000);

  private final Buckets.Stand stand;
  private final List<Long> pauses = new ArrayList<>();
  private FaultyRoad road;
  private S3Objects direct;
  private S3Objects objects;

  S3FaultTest(Buckets.Stand stand) {
    this.stand = stand;
  }

  @BeforeEach
  void open() throws IOException {
    road = new FaultyRoad(stand.server().endpoint());
    S3Config config = stand.fresh();
    direct = S3Objects.open(config, new Random(1), millis -> {});
    objects =
        S3Objects.open(
            config
                .at(road.endpoint())
                .withPathStyle(true)
                .with(
                    new S3Config.Timing(
                        TRIES,
                        Duration.ofMillis(100),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1_500)),
                    S3Config.PART_BYTES_LEAST),
            new Random(2),
            pauses::add);
    direct.put("x", CONTENT);
    direct.put("list/a", new byte[0]);
  }

  @AfterEach
  void close() throws IOException {
    objects.close();
    direct.close();
    road.close();
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  /** Every operation, by the method it asks with. */
  private Map<String, Function<S3Objects, Object>> operations() {
    Map<String, Function<S3Objects, Object>> all = new LinkedHashMap<>();
    all.put(
        "PUT",
        o -> {
          o.put("new", CONTENT);
          return true;
        });
    all.put("GET", o -> new String(o.read("x"), java.nio.charset.StandardCharsets.ISO_8859_1));
    all.put("HEAD", o -> o.size("x"));
    all.put("GET /elanus-test?", o -> o.list("list/"));
    all.put(
        "DELETE",
        o -> {
          o.delete("new");
          return true;
        });
    return all;
  }

  @Test
  void whatMayPassIsTriedAgain() {
    int expected = 0;
    for (Map.Entry<String, Function<S3Objects, Object>> each : operations().entrySet()) {
      String method = each.getKey();
      Object right = each.getValue().apply(direct);
      List<Accident> accidents =
          List.of(
              new Accident(Kind.REQUEST_LOST, method),
              new Accident(Kind.ANSWER_LOST, method),
              Accident.status(method, 500, "InternalError"),
              Accident.status(method, 502, ""),
              Accident.status(method, 503, "SlowDown"),
              Accident.status(method, 429, "TooManyRequests"),
              Accident.status(method, 408, "RequestTimeout"));
      for (int from = 0; from < accidents.size(); from++) {
        List<Accident> some = accidents.subList(from, Math.min(accidents.size(), from + TRIES - 1));
        road.next(some.toArray(Accident[]::new));
        expected += some.size();
        assertThat(each.getValue().apply(objects)).as(method + " " + some).isEqualTo(right);
        assertThat(road.landed()).isEqualTo(expected);
      }
    }
    // Full jitter: up to 100, 200, 300 milliseconds, and never the same.
    // The JDK itself repeats a lost GET, HEAD or DELETE once, without a pause.
    assertThat(pauses).hasSizeBetween(expected * 3 / 4, expected);
    assertThat(pauses).allSatisfy(p -> assertThat(p).isBetween(0L, 300L));
    assertThat(pauses.stream().distinct().count()).isGreaterThan(expected / 3);
  }

  @Test
  void silenceIsNotWaitedForForEver() {
    road.next(new Accident(Kind.SILENCE, "GET"), new Accident(Kind.SILENCE, "PUT"));
    assertThat(objects.read("x")).isEqualTo(CONTENT);
    objects.put("y", CONTENT);
    assertThat(road.landed()).isEqualTo(2);
    assertThat(direct.read("y")).isEqualTo(CONTENT);
  }

  @Test
  void whatDoesNotPassIsSaid() {
    for (Map.Entry<String, Function<S3Objects, Object>> each : operations().entrySet()) {
      String method = each.getKey();
      for (int i = 0; i < TRIES; i++) {
        road.next(Accident.status(method, 503, "SlowDown"));
      }
      road.requests();
      assertThatThrownBy(() -> each.getValue().apply(objects))
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
          .hasMessageContainingAll(
              objects.address() + "/",
              road.endpoint().toString(),
              "failed 4 times",
              "503",
              "try again later");
      assertThat(road.requests()).hasSize(TRIES);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 99_999})
  void aBodyThatBreaksOffGoesOnWhereItDid(int at) {
    road.next(
        new Accident(Kind.ANSWER_CUT, "GET", at, ""), new Accident(Kind.ANSWER_CUT, "GET", 0, ""));
    road.requests();
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    objects.stream("x", piece -> seen.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE)));
    assertThat(seen.toByteArray()).isEqualTo(CONTENT);
    assertThat(road.landed()).isEqualTo(2);
    assertThat(road.requests()).hasSize(3).filteredOn(line -> line.endsWith("range")).hasSize(2);
  }

  @Test
  void aLongBodyMayBreakOffOftenWhileItGetsOn() {
    byte[] large = random(4_000_000);
    direct.put("large", large);
    for (int i = 0; i < 8; i++) {
      road.next(new Accident(Kind.ANSWER_CUT, "GET", 400_000, ""));
    }
    assertThat(objects.read("large")).isEqualTo(large);
    assertThat(road.landed()).isEqualTo(8);
    for (int i = 0; i < TRIES; i++) {
      road.next(new Accident(Kind.ANSWER_CUT, "GET", 10, ""));
    }
    assertThatThrownBy(() -> objects.read("large")).hasMessageContainingAll("/large", "EOF");
  }

  @Test
  void whatIsReplacedMeanwhileIsNotMixed() {
    road.next(new Accident(Kind.ANSWER_CUT, "GET", 50_000, ""));
    boolean[] replaced = new boolean[1];
    assertThatThrownBy(
            () ->
                objects.stream(
                    "x",
                    piece -> {
                      if (!replaced[0]) {
                        replaced[0] = true;
                        direct.put("x", random(100_001));
                      }
                    }))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
        .hasMessageContaining("was replaced while it was read");
  }

  @Test
  void turnedBytesAreReadAgainAndNeverBelieved() {
    road.next(
        new Accident(Kind.ANSWER_TURNED, "GET", 77, ""),
        new Accident(Kind.ANSWER_TURNED, "GET", 99_999, ""));
    assertThat(objects.read("x")).isEqualTo(CONTENT);
    assertThat(road.landed()).isEqualTo(2);
    for (int i = 0; i < 4; i++) {
      road.next(new Accident(Kind.ANSWER_TURNED, "GET", i, ""));
    }
    String sentence = "x differs from the checksum";
    assertThatThrownBy(() -> objects.read("x"))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
        .hasMessageContaining(sentence);
    assertThatThrownBy(() -> objects.stream("x", piece -> {})).hasMessageContaining(sentence);
    assertThat(road.landed()).isEqualTo(6);
    road.next(new Accident(Kind.ANSWER_TURNED, "GET", 5, ""));
    try (Arena arena = Arena.ofConfined()) {
      assertThat(objects.map("x", arena).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(CONTENT);
    }
  }

  @Test
  void turnedBytesAreNotStored() {
    road.next(new Accident(Kind.REQUEST_TURNED, "PUT", 5, ""));
    objects.put("y", CONTENT);
    assertThat(road.landed()).isEqualTo(1);
    assertThat(direct.read("y")).isEqualTo(CONTENT);
    byte[] large = random(S3Config.PART_BYTES_LEAST + 10);
    road.next(
        new Accident(Kind.REQUEST_TURNED, "PUT", 4_000_000, ""),
        new Accident(Kind.REQUEST_TURNED, "PUT", 7, ""));
    write("z", large);
    assertThat(road.landed()).isEqualTo(3);
    assertThat(direct.read("z")).isEqualTo(large);
  }

  private void write(String key, byte[] content) {
    try (ObjectStore.Writer writer = objects.create(key)) {
      writer.write(MemorySegment.ofArray(content));
      writer.commit();
    }
  }

  /** The response that was lost said that it was written. */
  @Test
  void onesOwnConditionalWriteIsKnownAgain() {
    road.next(new Accident(Kind.ANSWER_LOST, "PUT"), Accident.status("PUT", 500, "InternalError"));
    assertThat(objects.putIfAbsent("once", new byte[] {1})).isTrue();
    assertThat(road.landed()).isEqualTo(2);
    // The same bytes, from somebody else.
    road.next(new Accident(Kind.ANSWER_LOST, "PUT"));
    assertThat(objects.putIfAbsent("once", new byte[] {1})).isFalse();
    road.next(new Accident(Kind.REQUEST_LOST, "PUT"));
    assertThat(objects.putIfAbsent("twice", new byte[] {1})).isTrue();
    road.next(Accident.status("PUT", 409, "ConditionalRequestConflict"));
    assertThat(objects.putIfAbsent("thrice", new byte[] {1})).isTrue();
    String tag = objects.putIf("tag", new byte[] {1}, null).orElseThrow();
    road.next(new Accident(Kind.ANSWER_LOST, "PUT"));
    String next = objects.putIf("tag", new byte[] {2}, tag).orElseThrow();
    assertThat(objects.putIf("tag", new byte[] {3}, tag)).isEmpty();
    assertThat(objects.putIf("tag", new byte[] {3}, next)).isPresent();
    assertThat(road.landed()).isEqualTo(6);
  }

  @Test
  void aLostAnswerToTheLastStepOfAnUploadIsNoFailure() {
    byte[] large = random(S3Config.PART_BYTES_LEAST + 10);
    road.next(new Accident(Kind.ANSWER_LOST, "POST"));
    road.next(new Accident(Kind.ANSWER_LOST, "PUT"));
    road.next(new Accident(Kind.ANSWER_LOST, "POST"));
    write("z", large);
    assertThat(road.landed()).isEqualTo(3);
    assertThat(direct.read("z")).isEqualTo(large);
  }

  @Test
  void anUploadThatFailsLeavesNothing() {
    byte[] large = random(2 * S3Config.PART_BYTES_LEAST + 10);
    direct.put("z", new byte[] {9});
    for (String method : List.of("PUT", "POST")) {
      // The first POST begins the upload, the next one ends it.
      if (method.equals("POST")) {
        road.next(new Accident(Kind.ANSWER_TURNED, "POST", -1, ""));
      }
      for (int i = 0; i < TRIES; i++) {
        road.next(Accident.status(method, 500, "InternalError"));
      }
      road.requests();
      assertThatThrownBy(() -> write("z", large)).hasMessageContainingAll("/z", "failed 4 times");
      assertThat(road.requests()).filteredOn(line -> line.startsWith("DELETE")).hasSize(1);
      assertThat(direct.read("z")).containsExactly(9);
    }
  }

  private void says(Accident accident, ErrorCode code, String... words) {
    road.next(accident);
    assertThatThrownBy(() -> objects.put("k", new byte[1]))
        .isInstanceOfSatisfying(ElanusException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void refusalsAreSentences() {
    says(
        Accident.status("PUT", 301, "PermanentRedirect", "x-amz-bucket-region: eu-west-3"),
        ErrorCode.INVALID_ARGUMENT,
        "bucket elanus-test is in another region than us-east-1",
        "--region eu-west-3");
    says(
        Accident.status("PUT", 400, "AuthorizationHeaderMalformed"),
        ErrorCode.INVALID_ARGUMENT,
        "another region");
    says(
        Accident.status("PUT", 403, "AccessDenied"),
        ErrorCode.NOT_PERMITTED,
        "write " + objects.address() + "/k",
        "s3:PutObject");
    says(Accident.status("PUT", 403, "RequestTimeTooSkewed"), ErrorCode.NOT_PERMITTED, "clock");
    says(Accident.status("PUT", 400, "ExpiredToken"), ErrorCode.NOT_PERMITTED, "have expired");
    says(
        Accident.status("PUT", 501, "NotImplemented"),
        ErrorCode.INVALID_ARGUMENT,
        "conditional writes");
    says(
        Accident.status("PUT", 400, "SomethingNew"),
        ErrorCode.INTERNAL,
        objects.address() + "/k",
        "400",
        "said the road");
    road.next(Accident.status("HEAD", 403, ""));
    assertThatThrownBy(() -> objects.exists("k")).hasMessageContaining("does not let these");
  }
}
