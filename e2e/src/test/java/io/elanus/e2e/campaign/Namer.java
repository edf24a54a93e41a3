package io.elanus.e2e.campaign;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Creates and drops collections with a few rows, aliases of them, and indexes of the collections
 * that others write to; keeps its own part of the ledger.
 */
final class Namer {
  private static final int NAMES = 6;
  private static final int OWNER = 0;

  private final Ledger ledger;
  private final List<String> indexed;

  /** Name to the number of rows it was given: those acknowledged. */
  private final Map<String, Integer> present = new TreeMap<>();

  private long next;
  private String openName = "";
  private String openVerb = "";
  private long openNumber;

  Namer(Ledger ledger, List<String> indexed) {
    this.ledger = ledger;
    this.indexed = indexed;
  }

  void run(int port, Random random, AtomicBoolean stop, Queue<String> refusals) {
    try (Wire wire = new Wire(port, 150_000)) {
      while (!stop.get() && openVerb.isEmpty()) {
        step(wire, random, refusals);
        Thread.sleep(20);
      }
    } catch (IOException e) {
      if (!openVerb.isEmpty()) {
        ledger.openAtKill(openVerb);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Wire wire, Random random, Queue<String> refusals) throws IOException {
    int dice = random.nextInt(10);
    if (dice < 4) {
      if (present.size() < NAMES) {
        create(wire, refusals);
      } else {
        List<String> names = List.copyOf(present.keySet());
        drop(wire, names.get(random.nextInt(names.size())), refusals);
      }
    } else if (dice < 6) {
      String collection = indexed.get(random.nextInt(indexed.size()));
      String name = "{\"collectionName\":\"%s\",\"indexName\":\"grp\"}".formatted(collection);
      send(wire, "drop index", "", "indexes/drop", name, refusals);
      String index =
          "{\"collectionName\":\"%s\",\"indexParams\":[{\"fieldName\":\"grp\",\"indexName\":\"grp\",\"indexType\":\"%s\"}]}"
              .formatted(collection, random.nextBoolean() ? "INVERTED" : "STL_SORT");
      send(wire, "create index", "", "indexes/create", index, refusals);
    }
  }

  private void create(Wire wire, Queue<String> refusals) throws IOException {
    String name = "churn_" + next++;
    String body = Rows.collection(name, Rows.index("FLAT", "{}"));
    if (send(wire, "create", name, "collections/create", body, refusals)) {
      present.put(name, 0);
      Owner rows = new Owner(999, name, 0);
      StringBuilder data = new StringBuilder("{\"collectionName\":\"" + name + "\",\"data\":[");
      for (int i = 0; i < 10; i++) {
        data.append(i > 0 ? "," : "");
        Rows.append(data, rows, rows.newKey(), rows.newValue());
      }
      if (send(wire, "fill", name, "entities/insert", data + "]}", refusals)) {
        present.put(name, 10);
      }
    }
  }

  private void drop(Wire wire, String name, Queue<String> refusals) throws IOException {
    String body = "{\"collectionName\":\"%s\"}".formatted(name);
    if (send(wire, "drop", name, "collections/drop", body, refusals)) {
      present.remove(name);
    }
  }

  private boolean send(
      Wire wire, String verb, String name, String path, String body, Queue<String> refusals)
      throws IOException {
    openNumber = ledger.sent(OWNER, verb, name);
    openVerb = verb;
    openName = name;
    Wire.Reply reply = wire.post(path, body);
    if (!reply.ok()) {
      // An index whose drop was cut short by a kill may be gone, or there already.
      ledger.refused(openNumber, OWNER, reply.message());
      if (verb.endsWith("index")) {
        openVerb = "";
      } else {
        // What was refused may have happened in part; the judge looks.
        refusals.add(verb + ": " + reply.code() + " " + reply.message());
      }
      return false;
    }
    openVerb = "";
    ledger.ok(openNumber, OWNER, verb, 0);
    return true;
  }

  /** The names that exist are those acknowledged, and each has all its rows. */
  void judge(int port) throws IOException {
    try (Wire wire = new Wire(port, 150_000)) {
      Wire.Reply reply = wire.post("collections/list", "{}");
      if (!reply.ok()) {
        throw new Rows.Refused("list of collections", reply);
      }
      Set<String> found = new TreeSet<>();
      for (Object name : (List<?>) reply.body().get("data")) {
        if (String.valueOf(name).startsWith("churn_")) {
          found.add(String.valueOf(name));
        }
      }
      settle(wire, found);
      if (!found.equals(present.keySet())) {
        throw new Rows.Violation(
            "collections are %s, acknowledged were %s".formatted(found, present.keySet()));
      }
      for (Map.Entry<String, Integer> entry : present.entrySet()) {
        long count = Rows.count(wire, entry.getKey(), "id >= 0");
        if (count != entry.getValue()) {
          throw new Rows.Violation(
              "collection %s has %d rows, acknowledged were %d"
                  .formatted(entry.getKey(), count, entry.getValue()));
        }
      }
    }
  }

  private void settle(Wire wire, Set<String> found) throws IOException {
    boolean there = found.contains(openName);
    switch (openVerb) {
      case "create" -> {
        // Creating is several steps: collection, indexes, load. Cut short, it is there in part.
        if (there) {
          wire.post("collections/drop", "{\"collectionName\":\"%s\"}".formatted(openName));
          found.remove(openName);
        }
      }
      case "drop" -> {
        if (!there) {
          present.remove(openName);
        }
      }
      case "fill" -> present.put(openName, Rows.count(wire, openName, "id >= 0") == 0 ? 0 : 10);
      default -> {}
    }
    if (!openVerb.isEmpty()) {
      ledger.settled(openNumber, OWNER, there == !openVerb.equals("drop"));
      openVerb = "";
    }
  }
}
