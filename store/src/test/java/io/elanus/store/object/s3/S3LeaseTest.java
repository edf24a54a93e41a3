package io.elanus.store.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Buckets.class)
class S3LeaseTest {
  /** Renews by hand alone. */
  private static final S3Lease.Timing TIMING = new S3Lease.Timing(3_600_000, 6_000, 2_000);

  private final ScheduledExecutorService never = Executors.newSingleThreadScheduledExecutor();
  private final List<String> waitedFor = new ArrayList<>();
  private final S3Objects objects;
  private final S3Objects others;
  private int looks;

  S3LeaseTest(Buckets.Stand stand) {
    S3Config config = stand.fresh();
    objects = S3Objects.open(config, new Random(1), millis -> {});
    others = S3Objects.open(config, new Random(2), millis -> {});
  }

  @AfterEach
  void close() {
    never.shutdownNow();
    objects.close();
    others.close();
  }

  private S3Lease take(S3Objects by, String holder, Runnable eachLook) {
    return S3Lease.take(
        by,
        holder,
        TIMING,
        other -> other.equals("a dead one"),
        waitedFor::add,
        never,
        millis -> {
          looks++;
          eachLook.run();
        });
  }

  @Test
  void oneHolderAtATime() {
    S3Lease first = take(objects, "the first", () -> {});
    assertThatThrownBy(() -> take(others, "the second", first::renew))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
        .hasMessageContainingAll("is being written to by the first", objects.address());
    assertThat(waitedFor).containsExactly("the first");
    first.renew();
    first.close();
    take(others, "the second", () -> {}).close();
    assertThat(objects.list("")).isEmpty();
  }

  @Test
  void whoIsSilentForTooLongIsOvertakenAndKnowsIt() {
    S3Lease first = take(objects, "the first", () -> {});
    S3Lease second = take(others, "the second", () -> {});
    assertThat(looks).isEqualTo(3);
    assertThatThrownBy(first::renew).hasMessageContaining("was taken over by another process");
    first.close();
    second.renew();
    assertThat(objects.exists("LOCK")).isTrue();
    second.close();
    assertThat(objects.exists("LOCK")).isFalse();
  }

  @Test
  void theDeadAreNotWaitedFor() {
    take(objects, "a dead one", () -> {});
    take(others, "the second", () -> {}).close();
    assertThat(looks).isZero();
    assertThat(waitedFor).isEmpty();
  }
}
