package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty times: writers insert, upsert and delete; the server is killed in the middle; after the
 * restart every acknowledged write is there, every acknowledged delete stays, and nothing else is
 * there than what was sent. What was in flight may be either.
 */
class KillTest {
  private static final int KILLS = 50;
  private static final int WRITERS = 3;
  private static final int KILLED = 137;
  private static final Pattern ROW =
      Pattern.compile(
          "\"id\":\"?(\\d+)\"?,\"value\":\"?(\\d+)\"?|\"value\":\"?(\\d+)\"?,\"id\":\"?(\\d+)\"?");

  @TempDir Path data;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What one writer knows of its own keys; no two writers share one. */
  private static final class Ledger {
    /** Acknowledged value by key. */
    final Map<Long, Long> present = new HashMap<>();

    /** Keys of the write in flight, and the values they may have: null for absent. */
    final Map<Long, Set<Long>> open = new HashMap<>();

    long nextKey;
    long nextValue = 1;
    int acknowledged;
  }

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    Random random = new Random(4711);
    List<Ledger> ledgers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Ledger ledger = new Ledger();
      ledger.nextKey = 1_000_000L * (i + 1);
      ledgers.add(ledger);
    }
    AtomicInteger inFlight = new AtomicInteger();
    try (ServerProcess server = ServerProcess.start(data)) {
      post(
          server,
          "collections/create",
          """
          {"collectionName":"k","schema":{"autoId":false,"enableDynamicField":false,"fields":[
           {"fieldName":"id","dataType":"Int64","isPrimary":true},
           {"fieldName":"value","dataType":"Int64"},
           {"fieldName":"v","dataType":"FloatVector","elementTypeParams":{"dim":"4"}}]},
           "indexParams":[{"fieldName":"v","indexName":"v","metricType":"L2","indexType":"HNSW",
            "params":{"M":8,"efConstruction":32}}]}""");
      for (int kill = 0; kill < KILLS; kill++) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        for (Ledger ledger : ledgers) {
          Random own = new Random(random.nextLong());
          writers.add(Thread.startVirtualThread(() -> write(server, ledger, own, stop, inFlight)));
        }
        Thread.sleep(30 + random.nextInt(250));
        int busy = inFlight.get();
        assertThat(server.kill()).as("the kill landed").isEqualTo(KILLED);
        stop.set(true);
        for (Thread writer : writers) {
          writer.join();
        }
        inFlight.set(0);
        server.start();
        Map<Long, Long> found = readAll(server);
        check(ledgers, found);
        if (kill == 0) {
          assertThat(busy).as("writes were in flight").isPositive();
        }
      }
    }
    int acknowledged = ledgers.stream().mapToInt(l -> l.acknowledged).sum();
    System.out.printf("%d kills, %d acknowledged writes, none lost%n", KILLS, acknowledged);
    assertThat(acknowledged).isGreaterThan(KILLS * WRITERS);
  }

  private void write(
      ServerProcess server,
      Ledger ledger,
      Random random,
      AtomicBoolean stop,
      AtomicInteger inFlight) {
    try {
      while (!stop.get()) {
        int dice = random.nextInt(10);
        inFlight.incrementAndGet();
        if (dice < 5 || ledger.present.isEmpty()) {
          List<Long> keys = new ArrayList<>();
          for (int i = random.nextInt(20) + 1; i > 0; i--) {
            keys.add(ledger.nextKey++);
          }
          rows(server, ledger, keys, "insert");
        } else if (dice < 8) {
          rows(server, ledger, some(ledger, random), "upsert");
        } else if (dice < 9) {
          delete(server, ledger, some(ledger, random));
        } else {
          post(server, "collections/flush", "{\"collectionName\":\"k\"}");
        }
        inFlight.decrementAndGet();
      }
    } catch (IOException e) {
      // The server is gone; what was in flight stays open in the ledger.
      stop.set(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Long> some(Ledger ledger, Random random) {
    List<Long> keys = new ArrayList<>(ledger.present.keySet());
    java.util.Collections.shuffle(keys, random);
    return keys.subList(0, Math.min(keys.size(), 1 + random.nextInt(5)));
  }

  private void rows(ServerProcess server, Ledger ledger, List<Long> keys, String verb)
      throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder("{\"collectionName\":\"k\",\"data\":[");
    Map<Long, Long> sent = new HashMap<>();
    for (long key : keys) {
      long value = ledger.nextValue++;
      sent.put(key, value);
      Set<Long> either = new HashSet<>();
      either.add(ledger.present.get(key));
      either.add(value);
      ledger.open.put(key, either);
      body.append(sent.size() > 1 ? "," : "")
          .append("{\"id\":%d,\"value\":%d,\"v\":[1,2,3,%d]}".formatted(key, value, key % 100));
    }
    post(server, "entities/" + verb, body.append("]}").toString());
    ledger.present.putAll(sent);
    sent.keySet().forEach(ledger.open::remove);
    ledger.acknowledged++;
  }

  private void delete(ServerProcess server, Ledger ledger, List<Long> keys)
      throws IOException, InterruptedException {
    for (long key : keys) {
      Set<Long> either = new HashSet<>();
      either.add(ledger.present.get(key));
      either.add(null);
      ledger.open.put(key, either);
    }
    post(
        server,
        "entities/delete",
        "{\"collectionName\":\"k\",\"filter\":\"id in %s\"}".formatted(keys));
    keys.forEach(ledger.present::remove);
    keys.forEach(ledger.open::remove);
    ledger.acknowledged++;
  }

  private static void check(List<Ledger> ledgers, Map<Long, Long> found) {
    Map<Long, Long> rest = new HashMap<>(found);
    for (Ledger ledger : ledgers) {
      ledger.open.forEach(
          (key, either) -> {
            Long now = found.get(key);
            assertThat(either).as("key %d, in flight at the kill", key).contains(now);
            // From here on the outcome is settled.
            if (now == null) {
              ledger.present.remove(key);
            } else {
              ledger.present.put(key, now);
            }
          });
      ledger.open.clear();
      ledger.present.forEach(
          (key, value) -> {
            assertThat(found.get(key)).as("acknowledged key %d", key).isEqualTo(value);
            rest.remove(key);
          });
    }
    assertThat(rest).as("rows that should not be there").isEmpty();
  }

  private Map<Long, Long> readAll(ServerProcess server) throws IOException, InterruptedException {
    Map<Long, Long> all = new HashMap<>();
    long last = -1;
    while (true) {
      String page =
          post(
              server,
              "entities/query",
              "{\"collectionName\":\"k\",\"filter\":\"id > %d\",\"outputFields\":[\"value\"],\"limit\":10000,\"consistencyLevel\":\"Strong\"}"
                  .formatted(last));
      Matcher rows = ROW.matcher(page.replace(" ", ""));
      int n = 0;
      while (rows.find()) {
        boolean idFirst = rows.group(1) != null;
        long id = Long.parseLong(idFirst ? rows.group(1) : rows.group(4));
        long value = Long.parseLong(idFirst ? rows.group(2) : rows.group(3));
        assertThat(all.put(id, value)).as("key %d twice", id).isNull();
        last = Math.max(last, id);
        n++;
      }
      if (n < 10_000) {
        return all;
      }
    }
  }

  private String post(ServerProcess server, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/v2/vectordb/" + path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    String reply = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    assertThat(reply).contains("\"code\":0");
    return reply;
  }
}
