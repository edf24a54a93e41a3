package io.elanus.engine.database;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.contract.OpenCollection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A data folder with every kind of file in it, and ways to damage one. */
final class DamagedFolder {
  private static final int DIM = 8;
  private static final int SECTOR = 512;
  private static final int SWAPS_MAX = 60;
  private static final WriteConfig WRITES = new WriteConfig(1 << 20, 10_000, 50, 100_000, 100, 4);

  private DamagedFolder() {}

  static FolderDatabase open(Path folder) {
    return FolderDatabase.open(folder, WRITES, Runnable::run);
  }

  /** Something done to a folder. */
  interface Change {
    void to(Path folder) throws IOException;
  }

  /**
   * One case.
   *
   * @param filesTouched how many collections may say that they are damaged
   */
  record Damage(String kind, String file, String what, int filesTouched, Change change) {}

  /**
   * Folders with known content.
   *
   * @param stale an earlier state of the folder
   * @param killed as a killed process leaves it
   * @param closed after a clean stop
   * @param states per collection, what its rows are: the last one, then older ones back to the last
   *     flush
   */
  record Golden(
      Path stale, Path killed, Path closed, Map<String, List<Map<Object, String>>> states) {
    static Golden create(Path folder) throws IOException {
      Path data = folder.resolve("golden");
      Map<String, String> indexes = new LinkedHashMap<>();
      indexes.put("graph", "HNSW");
      indexes.put("lists", "IVF_FLAT");
      indexes.put("disk", "DISKANN");
      try (FolderDatabase database = open(data)) {
        for (Map.Entry<String, String> index : indexes.entrySet()) {
          OpenCollection collection = make(database, index.getKey(), index.getValue());
          collection.insert(rows(0, 120));
          database.jobs().flush(Caller.SYSTEM, index.getKey());
        }
      }
      Path stale = folder.resolve("stale");
      copy(data, stale);
      Path killed = folder.resolve("killed");
      Map<String, List<Map<Object, String>>> states = new LinkedHashMap<>();
      try (FolderDatabase database = open(data)) {
        for (String name : indexes.keySet()) {
          OpenCollection collection = new OpenCollection(database, Caller.SYSTEM, schema(name));
          collection.delete("id in [3, 4, 5]");
          collection.insert(rows(200, 300));
          collection.upsert(rows(10, 12));
          database.jobs().flush(Caller.SYSTEM, name);
          List<Map<Object, String>> all = new ArrayList<>();
          all.addFirst(content(collection));
          collection.delete("id in [7, 210]");
          database.jobs().flush(Caller.SYSTEM, name);
          all.addFirst(content(collection));
          collection.insert(rows(400, 405));
          all.addFirst(content(collection));
          collection.delete("id in [20, 401]");
          all.addFirst(content(collection));
          collection.insert(rows(500, 502));
          all.addFirst(content(collection));
          states.put(name, all);
        }
        copy(data, killed);
      }
      Path closed = folder.resolve("closed");
      copy(data, closed);
      return new Golden(stale, killed, closed, states);
    }

    List<String> names() {
      return List.copyOf(states.keySet());
    }

    /** Which known state the collection answers by: 0 the last, more for older ones, −1 none. */
    int stateOf(String name, FolderDatabase database) {
      OpenCollection collection = new OpenCollection(database, Caller.SYSTEM, schema(name));
      Map<Object, String> found = content(collection);
      int state = states.get(name).indexOf(found);
      return state >= 0 && filtersAgree(collection, found) && searchesAgree(collection, found)
          ? state
          : -1;
    }
  }

  static Schema schema(String name) {
    return new Schema(
        name,
        "",
        List.of(
            Field.named("id", DataType.INT64).primaryKey(true).build(),
            Field.named("n", DataType.INT64).build(),
            Field.named("text", DataType.VARCHAR).maxLength(100).build(),
            Field.named("v", DataType.FLOAT_VECTOR).dim(DIM).build()),
        false,
        0);
  }

  private static OpenCollection make(FolderDatabase database, String name, String index) {
    OpenCollection collection =
        OpenCollection.create(database, Caller.SYSTEM, schema(name), index, Metric.L2);
    for (String field : List.of("n", "text")) {
      database
          .indexes()
          .create(
              Caller.SYSTEM, name, new IndexSpec(field, "", "INVERTED", null, Map.of(), Map.of()));
    }
    return collection;
  }

  private static List<Map<String, Object>> rows(int from, int to) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long id = from; id < to; id++) {
      rows.add(
          new TreeMap<>(
              Map.of("id", id, "n", id % 7, "text", "text " + id % 11, "v", components(id))));
    }
    return rows;
  }

  private static List<Float> components(long id) {
    List<Float> components = new ArrayList<>();
    for (float component : vector(id)) {
      components.add(component);
    }
    return components;
  }

  static float[] vector(long id) {
    Random random = new Random(id);
    float[] vector = new float[DIM];
    for (int i = 0; i < DIM; i++) {
      vector[i] = random.nextInt(64) / 8f;
    }
    return vector;
  }

  private static Map<Object, String> content(OpenCollection collection) {
    Map<Object, String> content = new TreeMap<>();
    for (Map<String, @Nullable Object> row : collection.query("id >= 0", "id", "n", "text", "v")) {
      Object vector = row.get("v");
      String text = vector instanceof float[] floats ? Arrays.toString(floats) : "" + vector;
      content.put(row.get("id"), row.get("n") + " " + row.get("text") + " " + text);
    }
    return content;
  }

  private static boolean filtersAgree(OpenCollection collection, Map<Object, String> found) {
    for (int n = 0; n < 7; n++) {
      String start = n + " ";
      List<Object> expected =
          found.keySet().stream().filter(key -> found.get(key).startsWith(start)).toList();
      if (!collection.keys("n == " + n).equals(expected)) {
        return false;
      }
    }
    List<Object> expected =
        found.keySet().stream().filter(key -> found.get(key).contains(" text 3 ")).toList();
    return collection.keys("text == \"text 3\"").equals(expected);
  }

  /** Scores are the true distances, and nearly all of the nearest rows are found. */
  private static boolean searchesAgree(OpenCollection collection, Map<Object, String> found) {
    for (long query : new long[] {1, 77, 250}) {
      float[] near = vector(query);
      List<Double> distances =
          found.keySet().stream().map(key -> distance(near, vector((Long) key))).sorted().toList();
      List<OpenCollection.Found> hits = collection.search(collection.nearest(10, near));
      int right = 0;
      for (OpenCollection.Found hit : hits) {
        if (!found.containsKey(hit.key())
            || Math.abs(hit.score() - distance(near, vector((Long) hit.key()))) > 1e-3) {
          return false;
        }
        right += hit.score() <= distances.get(9) + 1e-3 ? 1 : 0;
      }
      if (hits.size() != 10 || right < 7) {
        return false;
      }
    }
    return true;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  // --- damages --------------------------------------------------------------------------------

  static List<Damage> damages(Path folder, Path stale) throws IOException {
    List<Damage> all = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path path : files) {
      String file = folder.relativize(path).toString();
      bytes(all, file, Files.readAllBytes(path));
      whole(all, file, Files.readAllBytes(path), stale);
    }
    swaps(all, folder, files);
    strays(all, folder);
    return all;
  }

  private static String kind(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    return name.replaceAll("[0-9a-f]{16}", "#").replaceAll("\\d+", "#");
  }

  private static void bytes(List<Damage> all, String file, byte[] whole) {
    Random random = new Random(file.hashCode());
    int flips = 20;
    for (int i = 0; i < flips && whole.length > 0; i++) {
      int at = random.nextInt(whole.length);
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      put(all, "bit flipped", file, "at byte " + at, flipped);
    }
    int sectors = (whole.length + SECTOR - 1) / SECTOR;
    int sectorStep = Math.max(1, sectors / (8));
    for (int sector = 0; sector < sectors; sector += sectorStep) {
      int from = sector * SECTOR;
      int to = Math.min(whole.length, from + SECTOR);
      byte[] zeroed = whole.clone();
      Arrays.fill(zeroed, from, to, (byte) 0);
      put(all, "sector zeroed", file, "at byte " + from, zeroed);
      byte[] torn = whole.clone();
      byte[] garbage = new byte[to - from];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, torn, from, garbage.length);
      put(all, "sector torn", file, "at byte " + from, torn);
    }
    boolean log = file.endsWith(".log");
    int last = Math.min(log ? 400 : 8, whole.length);
    for (int cut = 1; cut <= last && cut <= whole.length; cut++) {
      byte[] shorter = Arrays.copyOf(whole, whole.length - cut);
      put(all, "cut near the end", file, "by " + cut, shorter);
    }
    for (int i = 0; i < (6) && whole.length > 0; i++) {
      byte[] shorter = Arrays.copyOf(whole, random.nextInt(whole.length));
      put(all, "cut", file, "to " + shorter.length, shorter);
    }
  }

  private static void whole(List<Damage> all, String file, byte[] whole, Path stale)
      throws IOException {
    put(all, "emptied", file, "", new byte[0]);
    put(all, "longer", file, "by 100 zeros", Arrays.copyOf(whole, whole.length + 100));
    all.add(
        new Damage("missing: " + kind(file), file, "", 1, to -> Files.delete(to.resolve(file))));
    Path older = stale.resolve(file);
    if (Files.exists(older) && !Arrays.equals(Files.readAllBytes(older), whole)) {
      put(all, "stale copy", file, "", Files.readAllBytes(older));
    }
  }

  private static void put(List<Damage> all, String kind, String file, String what, byte[] content) {
    all.add(
        new Damage(
            kind + ": " + kind(file),
            file,
            what,
            1,
            to -> Files.write(to.resolve(file), content, StandardOpenOption.TRUNCATE_EXISTING)));
  }

  /** Two files of a kind in each other's place. */
  private static void swaps(List<Damage> all, Path folder, List<Path> files) {
    Map<String, Integer> made = new TreeMap<>();
    for (int i = 0; i < files.size(); i++) {
      for (int j = i + 1; j < files.size(); j++) {
        String one = folder.relativize(files.get(i)).toString();
        String other = folder.relativize(files.get(j)).toString();
        if (kind(one).equals(kind(other)) && made.merge(kind(one), 1, Integer::sum) < SWAPS_MAX) {
          all.add(
              new Damage(
                  "swapped: " + kind(one),
                  one,
                  "with " + other,
                  2,
                  to -> {
                    byte[] first = Files.readAllBytes(to.resolve(one));
                    Files.copy(
                        to.resolve(other),
                        to.resolve(one),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    Files.write(to.resolve(other), first, StandardOpenOption.TRUNCATE_EXISTING);
                  }));
        }
      }
    }
  }

  private static void strays(List<Damage> all, Path folder) throws IOException {
    List<Path> folders;
    try (Stream<Path> walk = Files.walk(folder)) {
      folders = walk.filter(Files::isDirectory).sorted().toList();
    }
    for (Path path : folders) {
      for (String name : List.of("stray.tmp", "index-9.bin", "0000000000000001.log~")) {
        String file = folder.relativize(path).resolve(name).toString();
        all.add(
            new Damage(
                "stray file", file, "", 0, to -> Files.write(to.resolve(file), new byte[77])));
      }
    }
  }

  // --- folders --------------------------------------------------------------------------------

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
