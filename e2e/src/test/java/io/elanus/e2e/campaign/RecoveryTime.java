package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** How long a killed server takes until it serves again, over the size of its sealed data. */
final class RecoveryTime {
  private static final int BATCH = 2_000;

  private final Path folder;
  private final List<Integer> sizes;
  private final int tail;
  private final int rounds;

  RecoveryTime(Path folder, String sizes, int tail, int rounds) {
    this.folder = folder;
    this.sizes = Arrays.stream(sizes.split(",")).map(Integer::valueOf).toList();
    this.tail = tail;
    this.rounds = rounds;
  }

  void run() throws IOException, InterruptedException {
    try (Ledger ledger = new Ledger(folder.resolve("ledger.txt"));
        Node node = new Node(folder, List.of())) {
      Owner owner = ledger.owner("rows", Integer.MAX_VALUE);
      node.start();
      post(node, "collections/create", Rows.collection("rows", Rows.index("FLAT", "{}")));
      int rows = 0;
      for (int size : sizes) {
        insert(node, owner, size - rows);
        rows = size;
        post(node, "collections/flush", "{\"collectionName\":\"rows\"}");
        insert(node, owner, tail);
        rows += tail;
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
          Thread.sleep(1_000);
          node.kill();
          times.add(node.start() / 1_000_000);
          try (Wire wire = new Wire(node.port(), 150_000)) {
            long count = Rows.count(wire, "rows", "id >= 0");
            if (count != rows) {
              throw new Rows.Violation(rows + " rows were acknowledged, " + count + " are there");
            }
          }
        }
        Collections.sort(times);
        System.out.printf(
            "%,d sealed rows, %,d MiB, tail of %,d rows: until healthy, ms: %s, median %d%n",
            size, mebibytes(node.data()), tail, times, times.get(times.size() / 2));
      }
    }
  }

  private static long mebibytes(Path data) throws IOException {
    long sum = 0;
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum >> 20;
  }

  private static void insert(Node node, Owner owner, int rows) throws IOException {
    for (int done = 0; done < rows; done += BATCH) {
      StringBuilder body = new StringBuilder("{\"collectionName\":\"rows\",\"data\":[");
      for (int i = 0; i < Math.min(BATCH, rows - done); i++) {
        body.append(i > 0 ? "," : "");
        Rows.append(body, owner, owner.newKey(), owner.newValue());
      }
      post(node, "entities/insert", body.append("]}").toString());
    }
  }

  private static void post(Node node, String path, String body) throws IOException {
    try (Wire wire = new Wire(node.port(), 600_000)) {
      Wire.Reply reply = wire.post(path, body);
      if (!reply.ok()) {
        throw new Rows.Refused(path, reply);
      }
    }
  }
}
