package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** The load of the campaign: collections with different indexes, two writers each, and a namer. */
final class Load implements AutoCloseable {
  /** Small sizes, so that segments are sealed, merged and indexed all the time. */
  static final List<String> SMALL =
      List.of("growing-rows-max: 400", "index-rows-min: 100", "log-file-bytes: 262144");

  private static final int OWNERS_PER_COLLECTION = 2;

  private final Map<String, String> collections = new LinkedHashMap<>();
  final Ledger ledger;
  final Judge judge;
  final Namer namer;
  final Queue<String> refusals = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private AtomicBoolean stop = new AtomicBoolean();

  Load(Path folder, int rowsPerOwner) throws IOException {
    collections.put("graph", Rows.index("HNSW", "{\"M\":8,\"efConstruction\":40}"));
    collections.put("lists", Rows.index("IVF_FLAT", "{\"nlist\":16}"));
    collections.put("plain", Rows.index("FLAT", "{}"));
    collections.put("auto", Rows.index("AUTOINDEX", "{}"));
    ledger = new Ledger(folder.resolve("ledger.txt"));
    for (String collection : collections.keySet()) {
      for (int i = 0; i < OWNERS_PER_COLLECTION; i++) {
        ledger.owner(collection, rowsPerOwner);
      }
    }
    judge = new Judge(ledger);
    namer = new Namer(ledger, List.copyOf(collections.keySet()));
  }

  /** Creates the collections on an empty server. */
  void create(int port) throws IOException {
    try (Wire wire = new Wire(port, 150_000)) {
      for (Map.Entry<String, String> collection : collections.entrySet()) {
        check(
            wire.post(
                "collections/create", Rows.collection(collection.getKey(), collection.getValue())));
        check(
            wire.post(
                "partitions/create",
                "{\"collectionName\":\"%s\",\"partitionName\":\"other\"}"
                    .formatted(collection.getKey())));
      }
    }
  }

  private static void check(Wire.Reply reply) throws IOException {
    if (!reply.ok()) {
      throw new Rows.Refused("a step of preparation", reply);
    }
  }

  void start(int port, Random random, long pauseMillis) {
    start(port, random, pauseMillis, owner -> true);
  }

  /**
   * @param writes owners that do
   */
  void start(int port, Random random, long pauseMillis, Predicate<Owner> writes) {
    stop = new AtomicBoolean();
    threads.clear();
    for (Owner owner : ledger.owners().stream().filter(writes).toList()) {
      Writer writer =
          new Writer(ledger, owner, port, new Random(random.nextLong()), stop, refusals);
      writer.pauseMillis = pauseMillis;
      threads.add(Thread.ofVirtual().start(writer));
    }
    Random own = new Random(random.nextLong());
    threads.add(Thread.ofVirtual().start(() -> namer.run(port, own, stop, refusals)));
  }

  /** Collections that take no writes now; found out by deletes of a key that nobody ever had. */
  List<String> refusing(int port) throws IOException {
    List<String> refusing = new ArrayList<>();
    try (Wire wire = new Wire(port, 150_000)) {
      for (String collection : collections.keySet()) {
        String nothing =
            "{\"collectionName\":\"%s\",\"filter\":\"id in [-1]\"}".formatted(collection);
        if (!wire.post("entities/delete", nothing).ok()) {
          refusing.add(collection);
        }
      }
    }
    return refusing;
  }

  /** One delete by an owner who does not write at the time; the refusal, or nothing. */
  String delete(Owner owner, int port, Random random) throws IOException {
    Queue<String> said = new ConcurrentLinkedQueue<>();
    try (Wire wire = new Wire(port, 150_000)) {
      new Writer(ledger, owner, port, random, stop, said).delete(wire);
    }
    return String.join("; ", said);
  }

  /** One insert by an owner who does not write at the time; the refusal, or nothing. */
  String insert(Owner owner, int port, Random random) throws IOException {
    Queue<String> said = new ConcurrentLinkedQueue<>();
    try (Wire wire = new Wire(port, 150_000)) {
      new Writer(ledger, owner, port, random, stop, said).insert(wire);
    }
    return String.join("; ", said);
  }

  /** Asks every collection to seal and merge, so that a kill meets it. */
  void flushAll(int port) {
    try (Wire wire = new Wire(port, 10_000)) {
      for (String collection : collections.keySet()) {
        String name = "{\"collectionName\":\"%s\"}".formatted(collection);
        wire.post("collections/flush", name);
        wire.post("collections/compact", name);
      }
    } catch (IOException e) {
      // The writers meet it too, and say so.
    }
  }

  /** Waits for the writers; each ends when the server does. */
  void stop() throws InterruptedException {
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  void judge(int port, Random random, boolean full) throws IOException {
    judge.judge(port, random, full);
    namer.judge(port);
  }

  @Override
  public void close() throws IOException {
    ledger.close();
  }
}
