package io.elanus.e2e.campaign;

import io.elanus.e2e.campaign.Owner.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes what its owner's dice say until it is told to stop or the server does not answer; the
 * operation without an answer stays open in the ledger.
 */
final class Writer implements Runnable {
  private static final int INSERT_MOST = 60;
  private static final int UPSERT_MOST = 20;

  private final Ledger ledger;
  private final Owner owner;
  private final int port;
  private final Random random;
  private final AtomicBoolean stop;
  private final Queue<String> refusals;

  /** Milliseconds between two operations; 0 for none. */
  long pauseMillis;

  Writer(
      Ledger ledger,
      Owner owner,
      int port,
      Random random,
      AtomicBoolean stop,
      Queue<String> refusals) {
    this.ledger = ledger;
    this.owner = owner;
    this.port = port;
    this.random = random;
    this.stop = stop;
    this.refusals = refusals;
  }

  @Override
  public void run() {
    try (Wire wire = new Wire(port, 150_000)) {
      while (!stop.get() && owner.open == null) {
        step(wire);
        if (pauseMillis > 0) {
          Thread.sleep(pauseMillis);
        }
      }
    } catch (IOException e) {
      if (owner.open != null) {
        ledger.openAtKill(owner.open.verb());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Wire wire) throws IOException {
    int dice = random.nextInt(1_000);
    if (owner.rowCount() > owner.rowsMax || dice < 60) {
      deleteGroup(wire);
    } else if (dice < 500 || owner.rowCount() < 20) {
      insert(wire);
    } else if (dice < 780) {
      upsert(wire);
    } else if (dice < 930) {
      delete(wire);
    } else if (dice < 950) {
      call(wire, "flush", "collections/flush", named());
    } else if (dice < 958) {
      call(wire, "compact", "collections/compact", named());
    } else {
      readBack(wire);
    }
  }

  private String named() {
    return "{\"collectionName\":\"%s\"}".formatted(owner.collection);
  }

  void insert(Wire wire) throws IOException {
    Map<Long, Long> after = new TreeMap<>();
    for (int i = 1 + random.nextInt(INSERT_MOST); i > 0; i--) {
      after.put(owner.newKey(), owner.newValue());
    }
    write(wire, "insert", after, data(after));
  }

  /** Some keys that are there and, at times, one that is new. */
  private void upsert(Wire wire) throws IOException {
    Map<Long, Long> after = new TreeMap<>();
    for (long key : owner.some(random, 1 + random.nextInt(UPSERT_MOST))) {
      after.put(key, owner.newValue());
    }
    if (random.nextInt(3) == 0) {
      after.put(owner.newKey(), owner.newValue());
    }
    write(wire, "upsert", after, data(after));
  }

  /** Half of the rows go to another partition; an upsert may move them. */
  private String data(Map<Long, Long> rows) {
    StringBuilder body = new StringBuilder("{\"collectionName\":\"" + owner.collection + "\",");
    if (random.nextBoolean()) {
      body.append("\"partitionName\":\"other\",");
    }
    body.append("\"data\":[");
    boolean first = true;
    for (Map.Entry<Long, Long> row : rows.entrySet()) {
      if (!first) {
        body.append(',');
      }
      first = false;
      Rows.append(body, owner, row.getKey(), row.getValue());
    }
    return body.append("]}").toString();
  }

  void delete(Wire wire) throws IOException {
    Map<Long, Long> after = new TreeMap<>();
    owner.some(random, 1 + random.nextInt(UPSERT_MOST)).forEach(key -> after.put(key, Owner.GONE));
    write(wire, "delete", after, filter("id in " + after.keySet()));
  }

  private void deleteGroup(Wire wire) throws IOException {
    int group = random.nextInt(Owner.GROUPS);
    Map<Long, Long> after = new TreeMap<>();
    owner.keysOfGroup(group).forEach(key -> after.put(key, Owner.GONE));
    if (!after.isEmpty()) {
      String filter = "grp == %d and owner == %d".formatted(group, owner.id);
      write(wire, "delete by filter", after, filter(filter));
    }
  }

  private String filter(String filter) {
    return "{\"collectionName\":\"%s\",\"filter\":\"%s\"}".formatted(owner.collection, filter);
  }

  private void write(Wire wire, String verb, Map<Long, Long> after, String body)
      throws IOException {
    String path = verb.startsWith("delete") ? "entities/delete" : "entities/" + verb;
    long number = ledger.sent(owner.id, verb, after.toString());
    owner.open = new Operation(number, verb, after);
    Wire.Reply reply = wire.post(path, body);
    if (!reply.ok()) {
      refused(number, verb, reply);
      return;
    }
    owner.apply(after);
    owner.open = null;
    ledger.ok(number, owner.id, verb, after.size());
  }

  private void call(Wire wire, String verb, String path, String body) throws IOException {
    long number = ledger.sent(owner.id, verb, "");
    owner.open = new Operation(number, verb, Map.of());
    Wire.Reply reply = wire.post(path, body);
    if (!reply.ok()) {
      refused(number, verb, reply);
      return;
    }
    owner.open = null;
    ledger.ok(number, owner.id, verb, 0);
  }

  private void refused(long number, String verb, Wire.Reply reply) {
    String sentence = verb + ": " + reply.code() + " " + reply.message();
    ledger.refused(number, owner.id, sentence);
    refusals.add(sentence);
  }

  /** What was acknowledged is seen at once. */
  private void readBack(Wire wire) throws IOException {
    Set<Long> keys = owner.some(random, 5);
    if (keys.isEmpty()) {
      return;
    }
    List<Long> asked = new ArrayList<>(keys);
    try {
      Map<Long, Long> found = Rows.query(wire, owner.collection, "id in " + asked, false);
      for (long key : asked) {
        if (found.getOrDefault(key, Owner.GONE) != owner.value(key)) {
          refusals.add(
              "VIOLATION: key %d of %s read back as %s, acknowledged was %d"
                  .formatted(key, owner.collection, found.get(key), owner.value(key)));
        }
      }
    } catch (Rows.Refused e) {
      refusals.add(e.getMessage());
    } catch (Rows.Violation e) {
      refusals.add("VIOLATION: " + e.getMessage());
    }
  }
}
