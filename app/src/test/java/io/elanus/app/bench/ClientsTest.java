package io.elanus.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ClientsTest {
  @Test
  void everyClientCallsAndNumbersAreNotRepeated() throws InterruptedException {
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    Clients.Calls calls = Clients.run(3, 0, number -> assertThat(seen.add(number)).isTrue());
    assertThat(seen).containsExactlyInAnyOrder(0L, 1L, 2L);
    assertThat(calls.sortedNanos()).hasSize(3).isSorted();
  }

  @Test
  void failsWithTheClientThatFails() {
    assertThatThrownBy(
            () ->
                Clients.run(
                    2,
                    0,
                    number -> {
                      if (number == 1) {
                        throw new IllegalArgumentException("no such collection");
                      }
                    }))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("no such collection");
  }

  @Test
  void percentilesAreCallsThatHappened() {
    long[] nanos = {1_000_000, 2_000_000, 3_000_000, 4_000_000};
    Clients.Calls calls = new Clients.Calls(nanos, 2);
    assertThat(calls.percentileMillis(0.5)).isEqualTo(2);
    assertThat(calls.percentileMillis(0.99)).isEqualTo(4);
    assertThat(calls.percentileMillis(0)).isEqualTo(1);
    assertThat(calls.perSecond()).isEqualTo(2);
  }
}
