package io.elanus.e2e.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.e2e.campaign.Rows.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short sample of the kill loop, and proof that its judge can tell. */
class KillTest {
  private static final long SEED = Long.getLong("seed", 4_711);

  @TempDir Path folder;

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    KillLoop.Outcome outcome = new KillLoop(folder, 12, 4, SEED, Duration.ofSeconds(20)).run();
    assertThat(outcome.kills()).isGreaterThanOrEqualTo(2);
    assertThat(outcome.rows()).isGreaterThan(100);
  }

  /** What the ledger was not told of is noticed: a lost row, one too many, another value. */
  @Test
  void theJudgeSeesWhatTheLedgerDoesNotKnow() throws Exception {
    Random random = new Random(SEED);
    try (Load load = new Load(folder, 1_000);
        Node node = new Node(folder, Load.SMALL)) {
      node.start();
      load.create(node.port());
      Owner owner = load.ledger.owners().getFirst();
      for (int i = 0; i < 5; i++) {
        assertThat(load.insert(owner, node.port(), random)).isEmpty();
      }
      load.judge(node.port(), random, true);

      long key = owner.some(random, 1).iterator().next();
      long value = owner.value(key);
      String name = "\"collectionName\":\"%s\"".formatted(owner.collection);
      behind(node, "delete", "{%s,\"filter\":\"id in [%d]\"}".formatted(name, key));
      for (boolean full : new boolean[] {true, false}) {
        assertThatThrownBy(() -> load.judge(node.port(), random, full))
            .isInstanceOf(Violation.class)
            .hasMessageContaining("lost");
      }
      behind(node, "upsert", row(name, owner, key, value + 1));
      assertThatThrownBy(() -> load.judge(node.port(), random, true))
          .isInstanceOf(Violation.class)
          .hasMessageContaining("another value");
      behind(node, "upsert", row(name, owner, key, value));
      load.judge(node.port(), random, true);

      behind(node, "insert", row(name, owner, owner.newKey(), 5));
      assertThatThrownBy(() -> load.judge(node.port(), random, false))
          .isInstanceOf(Violation.class)
          .hasMessageContaining("never written");
    }
  }

  private static String row(String name, Owner owner, long key, long value) {
    StringBuilder body = new StringBuilder("{" + name + ",\"data\":[");
    Rows.append(body, owner, key, value);
    return body.append("]}").toString();
  }

  private static void behind(Node node, String verb, String body) throws IOException {
    try (Wire wire = new Wire(node.port(), 10_000)) {
      assertThat(wire.post("entities/" + verb, body).ok()).isTrue();
    }
  }
}
