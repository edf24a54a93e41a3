package io.elanus.e2e.campaign;

import io.elanus.e2e.campaign.Owner.Operation;
import io.elanus.e2e.campaign.Rows.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Compares what a server answers with what the ledger knows; each contradiction is a Violation. */
final class Judge {
  private static final int KEYS_PER_QUERY = 400;
  private static final int SAMPLE = 60;
  private static final int PAGE = 16_384;

  private final Ledger ledger;
  private long keysRead;
  private long wholeReads;
  private long whole;
  private long undone;

  Judge(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Settles what was open, reads every key written since the last judgement, a sample of others,
   * and counts the rest; {@code full} reads every row.
   */
  void judge(int port, Random random, boolean full) throws IOException {
    ledger.force();
    try (Wire wire = new Wire(port, 150_000)) {
      for (Owner owner : ledger.owners()) {
        settle(wire, owner);
        if (full) {
          readAll(wire, owner);
          owner.worthReading(random, 0);
        } else {
          readSome(wire, owner, owner.worthReading(random, SAMPLE));
        }
        search(wire, owner, random);
      }
      wholeReads += full ? 1 : 0;
    }
    ledger.force();
  }

  /** An open operation happened as a whole or not at all; which of both is from now on settled. */
  private void settle(Wire wire, Owner owner) throws IOException {
    Operation open = owner.open;
    if (open == null) {
      return;
    }
    owner.open = null;
    if (open.after().isEmpty()) {
      return;
    }
    Map<Long, Long> found = read(wire, owner, new ArrayList<>(open.after().keySet()));
    int before = 0;
    int after = 0;
    for (Map.Entry<Long, Long> entry : open.after().entrySet()) {
      long now = found.getOrDefault(entry.getKey(), Owner.GONE);
      before += now == owner.value(entry.getKey()) ? 1 : 0;
      after += now == entry.getValue() ? 1 : 0;
    }
    int keys = open.after().size();
    if (after == keys) {
      whole++;
      owner.apply(open.after());
    } else if (before == keys) {
      undone++;
    } else {
      throw new Violation(
          "operation %d (%s of %d keys in %s) is there in part: %d keys as before, %d as after: %s"
              .formatted(open.number(), open.verb(), keys, owner.collection, before, after, found));
    }
    ledger.settled(open.number(), owner.id, after == keys);
  }

  private Map<Long, Long> read(Wire wire, Owner owner, List<Long> keys) throws IOException {
    Map<Long, Long> found = new HashMap<>();
    for (int from = 0; from < keys.size(); from += KEYS_PER_QUERY) {
      List<Long> part = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_QUERY));
      found.putAll(Rows.query(wire, owner.collection, "id in " + part, false));
    }
    keysRead += keys.size();
    return found;
  }

  private void readSome(Wire wire, Owner owner, Set<Long> keys) throws IOException {
    Map<Long, Long> found = read(wire, owner, new ArrayList<>(keys));
    for (long key : keys) {
      compare(owner, key, found.getOrDefault(key, Owner.GONE));
    }
    long count = Rows.count(wire, owner.collection, "owner == " + owner.id);
    if (count != owner.rowCount()) {
      readAll(wire, owner);
      throw new Violation(
          "owner %d has %d rows in %s, but %d are counted"
              .formatted(owner.id, owner.rowCount(), owner.collection, count));
    }
  }

  private void readAll(Wire wire, Owner owner) throws IOException {
    Map<Long, Long> found = new HashMap<>();
    long last = -1;
    while (true) {
      Map<Long, Long> page =
          Rows.query(
              wire, owner.collection, "owner == %d and id > %d".formatted(owner.id, last), true);
      for (long key : page.keySet()) {
        if (found.put(key, page.get(key)) != null) {
          throw new Violation("key %d is on two pages".formatted(key));
        }
        last = Math.max(last, key);
      }
      if (page.size() < PAGE) {
        break;
      }
    }
    keysRead += found.size();
    owner.rows().keySet().forEach(key -> compare(owner, key, found.getOrDefault(key, Owner.GONE)));
    found.forEach((key, value) -> compare(owner, key, value));
  }

  private static void compare(Owner owner, long key, long found) {
    long expected = owner.value(key);
    if (found == expected) {
      return;
    }
    String what =
        expected == Owner.GONE
            ? "resurrected or never written"
            : found == Owner.GONE ? "lost" : "another value";
    throw new Violation(
        "%s: key %d of %s has value %d, acknowledged was %d"
            .formatted(what, key, owner.collection, found, expected));
  }

  /** A search near a row that is there finds only rows that are there. */
  private static void search(Wire wire, Owner owner, Random random) throws IOException {
    for (long key : owner.some(random, 1)) {
      Wire.Reply reply =
          wire.post(
              "entities/search",
              """
              {"collectionName":"%s","data":[%s],"annsField":"v","filter":"owner == %d","limit":10,"outputFields":["value"],"consistencyLevel":"Strong"}"""
                  .formatted(owner.collection, Rows.vector(owner.value(key)), owner.id));
      if (!reply.ok()) {
        throw new Rows.Refused("search of " + owner.collection, reply);
      }
      List<?> hits = (List<?>) reply.body().get("data");
      for (Object hit : hits) {
        Map<?, ?> fields = (Map<?, ?>) hit;
        compare(owner, Json.number(fields.get("id")), Json.number(fields.get("value")));
      }
      if (hits.isEmpty()) {
        throw new Violation("a search of %s finds nothing".formatted(owner.collection));
      }
    }
  }

  String summary() {
    return "%d keys read and compared, every row read %d times; of the writes in flight %d were whole and %d undone"
        .formatted(keysRead, wholeReads, whole, undone);
  }
}
