package io.elanus.sim.run;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.MutationResult;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.sim.model.Contents;
import io.elanus.sim.model.Effect;
import io.elanus.sim.model.Row;
import io.elanus.testkit.fixture.Batches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a client does in one life of the process, and what each of it should make of the model. */
final class Operations {
  private static final Caller ME = Caller.SYSTEM;
  private static final List<String> NUMBER_INDEXES = List.of("INVERTED", "STL_SORT", "BITMAP");
  private static final List<String> TEXTS = List.of("", "a", "ab", "ünïcødé", "x".repeat(600));
  private static final int VECTOR_DIM = 4;

  private final Client client;
  private final Incarnation process;
  private final World world;
  private final String name;

  Operations(Client client, Incarnation process, World world) {
    this.client = client;
    this.process = process;
    this.world = world;
    this.name = client.name;
  }

  private Database database() {
    return process.database();
  }

  private Contents now() {
    return client.possible.any();
  }

  /** Any name the collection surely has. */
  private String called(Random chance) {
    boolean alias = client.possible.all().stream().allMatch(Contents::alias);
    return alias && chance.nextInt(3) == 0 ? client.alias : name;
  }

  void perform(Step step) {
    Random chance = new Random(step.seed());
    switch (step.kind()) {
      case KILL -> world.dieSoon(process, chance, false);
      case POWER_CUT -> world.dieSoon(process, chance, true);
      case RESTART -> world.restartWanted(process);
      case FAULT -> world.fault(process, chance);
      case HEAL -> process.faults.heal();
      case TICK -> client.tick(process);
      case CLOCK -> world.jumpClock(chance);
      default -> {
        if (!now().exists()) {
          create();
        } else if (!now().allLoaded() && chance.nextInt(2) == 0) {
          makeReadable();
        } else {
          onCollection(step, chance);
        }
      }
    }
  }

  private void onCollection(Step step, Random chance) {
    switch (step.kind()) {
      case INSERT -> insert(chance);
      case UPSERT -> upsert(chance);
      case DELETE_KEYS -> deleteKeys(chance);
      case DELETE_FILTER -> deleteBelow(chance);
      case TRUNCATE ->
          change(
              "truncate",
              onExisting(c -> c.withRows(Map::clear)),
              () -> database().collections().truncate(ME, called(chance)));
      case FLUSH -> change("flush", onExisting(c -> c), () -> database().jobs().flush(ME, name));
      case COMPACT -> compact(chance);
      case VECTOR_INDEX -> vectorIndex();
      case NUMBER_INDEX -> numberIndex(chance);
      case PARTITION -> partition(chance);
      case LOAD -> loadOrRelease(chance);
      case ALIAS -> alias();
      case DROP -> drop();
      case LOOK -> look();
      default -> client.ask(process, Question.draw(chance, now(), step.kind()), called(chance));
    }
  }

  private void compact(Random chance) {
    boolean byKey = !world.configuration.clusteringKey().isEmpty() && chance.nextInt(3) > 0;
    change(
        byKey ? "cluster" : "compact",
        onExisting(c -> c),
        () -> {
          if (byKey) {
            database().jobs().cluster(ME, name);
          } else {
            database().jobs().compact(ME, name);
          }
        });
  }

  private boolean change(String what, Effect effect, Runnable call) {
    return client.change(process, what, effect, call);
  }

  /** Of every collection of the simulation. */
  private Schema schema() {
    String key = world.configuration.clusteringKey();
    return new Schema(
        name,
        "",
        List.of(
            Field.named("id", DataType.INT64).primaryKey(true).build(),
            Field.named("n", DataType.INT64).clusteringKey(key.equals("n")).build(),
            Field.named("t", DataType.VARCHAR)
                .maxLength(1_000)
                .nullable(true)
                .clusteringKey(key.equals("t"))
                .build(),
            Field.named("v", DataType.FLOAT_VECTOR).dim(VECTOR_DIM).build()),
        false,
        0);
  }

  /** Refused where there is no collection. */
  private static Effect onExisting(Effect effect) {
    return contents -> contents.exists() ? effect.on(contents) : null;
  }

  // --- names ----------------------------------------------------------------------------------

  private void create() {
    CollectionSpec spec = new CollectionSpec(schema(), Consistency.Level.STRONG, Map.of(), 0, 0);
    boolean created =
        change(
            "create",
            contents -> contents.exists() ? contents : Contents.EMPTY,
            () -> database().collections().create(ME, spec));
    if (created) {
      makeReadable();
    }
  }

  /** An index and everything loaded, so that all rows can be read. */
  void makeReadable() {
    if (now().vectorIndex().isEmpty() && !createVectorIndex()) {
      return;
    }
    change(
        "load",
        contents ->
            !contents.exists() || contents.vectorIndex().isEmpty()
                ? null
                : contents.withLoaded(contents.partitions().keySet(), true),
        () -> database().collections().load(ME, name, List.of()));
  }

  private boolean createVectorIndex() {
    String type = world.configuration.vectorIndex();
    IndexSpec spec = new IndexSpec("v", "v", type, Metric.L2, Map.of(), Map.of());
    return change(
        "index " + type,
        onExisting(contents -> contents.withVectorIndex(type)),
        () -> database().indexes().create(ME, name, spec));
  }

  private void vectorIndex() {
    boolean released =
        change(
            "release",
            onExisting(c -> c.withLoaded(c.partitions().keySet(), false)),
            () -> database().collections().release(ME, name, List.of()));
    if (released) {
      change(
          "drop index v",
          contents ->
              !contents.exists() || (contents.loaded() && !contents.vectorIndex().isEmpty())
                  ? null
                  : contents.withVectorIndex(""),
          () -> database().indexes().drop(ME, name, "v"));
    }
  }

  private void numberIndex(Random chance) {
    if (!now().numberIndex().isEmpty()) {
      change(
          "drop index n",
          onExisting(contents -> contents.withNumberIndex("")),
          () -> database().indexes().drop(ME, name, "n"));
      return;
    }
    String type = NUMBER_INDEXES.get(chance.nextInt(NUMBER_INDEXES.size()));
    IndexSpec spec = new IndexSpec("n", "n", type, null, Map.of(), Map.of());
    change(
        "index " + type,
        contents ->
            contents.exists()
                    && (contents.numberIndex().isEmpty() || contents.numberIndex().equals(type))
                ? contents.withNumberIndex(type)
                : null,
        () -> database().indexes().create(ME, name, spec));
  }

  private void partition(Random chance) {
    String partition = "p" + chance.nextInt(3);
    if (!now().partitions().containsKey(partition)) {
      change(
          "create partition " + partition,
          onExisting(
              contents -> {
                boolean whole = !contents.partitions().containsValue(false);
                return contents.withPartitions(all -> all.putIfAbsent(partition, whole));
              }),
          () -> database().partitions().create(ME, name, partition));
      return;
    }
    List<String> named = List.of(partition);
    boolean released =
        change(
            "release " + partition,
            contents ->
                contents.partitions().containsKey(partition)
                    ? contents.withLoaded(named, false)
                    : null,
            () -> database().collections().release(ME, name, named));
    if (released) {
      change(
          "drop partition " + partition,
          contents ->
              !contents.exists() || contents.partitions().getOrDefault(partition, false)
                  ? null
                  : contents
                      .withPartitions(all -> all.remove(partition))
                      .withRows(
                          rows -> rows.values().removeIf(r -> r.partition().equals(partition))),
          () -> database().partitions().drop(ME, name, partition));
    }
  }

  private void loadOrRelease(Random chance) {
    List<String> names = new ArrayList<>(now().partitions().keySet());
    List<String> some =
        chance.nextBoolean() ? List.of() : List.of(names.get(chance.nextInt(names.size())));
    boolean load = chance.nextInt(3) > 0;
    Effect effect =
        contents -> {
          boolean refused =
              !contents.exists()
                  || !contents.partitions().keySet().containsAll(some)
                  || (load && contents.vectorIndex().isEmpty());
          return refused
              ? null
              : contents.withLoaded(some.isEmpty() ? contents.partitions().keySet() : some, load);
        };
    change(
        (load ? "load " : "release ") + some,
        effect,
        () -> {
          if (load) {
            database().collections().load(ME, name, some);
          } else {
            database().collections().release(ME, name, some);
          }
        });
  }

  private void alias() {
    if (now().alias()) {
      change(
          "drop alias",
          contents -> contents.withAlias(false),
          () -> database().aliases().drop(ME, client.alias));
    } else {
      change(
          "create alias",
          contents -> contents.exists() && !contents.alias() ? contents.withAlias(true) : null,
          () -> database().aliases().create(ME, client.alias, name));
    }
  }

  private void drop() {
    if (now().alias()) {
      alias();
    }
    change(
        "drop",
        contents -> contents.alias() ? null : Contents.NONE,
        () -> database().collections().drop(ME, name));
  }

  /** Everything but the rows. */
  Contents names() {
    Database database = database();
    if (!database.collections().exists(ME, name)) {
      return Contents.NONE;
    }
    TreeMap<String, Boolean> partitions = new TreeMap<>();
    for (PartitionInfo partition : database.partitions().list(ME, name)) {
      partitions.put(partition.name(), partition.loaded());
    }
    Map<String, String> indexes = new HashMap<>();
    try {
      for (IndexInfo index : database.indexes().describe(ME, name, "")) {
        indexes.put(index.spec().field(), index.spec().type());
      }
    } catch (ElanusException e) {
      if (e.code() != ErrorCode.INDEX_NOT_FOUND) {
        throw e;
      }
    }
    return new Contents(
        true,
        indexes.getOrDefault("v", ""),
        indexes.getOrDefault("n", ""),
        partitions,
        !database.aliases().list(ME, name).isEmpty(),
        new TreeMap<>());
  }

  /** Names and number of rows, as anybody may ask for at any time. */
  private void look() {
    if (!client.possible.sure()) {
      return;
    }
    Contents expected = now();
    try {
      Contents seen = names();
      process.refuseOver();
      if (!Differences.sameNames(seen, expected)) {
        throw new Broken("wrong names", "seen %s\n    but  %s".formatted(seen, expected));
      }
      long rows = database().collections().rowCount(ME, name);
      process.refuseOver();
      if (rows != expected.rows().size()) {
        throw new Broken("wrong row count", rows + " instead of " + expected.rows().size());
      }
    } catch (ElanusException e) {
      if (process.faults.landed() == 0) {
        throw new Broken("failed without a fault", "a look at " + name, e);
      }
    }
  }

  // --- rows -----------------------------------------------------------------------------------

  private void insert(Random chance) {
    Set<Long> taken =
        client.possible.all().stream()
            .flatMap(contents -> contents.rows().keySet().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    TreeMap<Long, Row> fresh = rows(chance);
    fresh.keySet().removeAll(taken);
    if (!fresh.isEmpty()) {
      write("insert", fresh, false, called(chance));
    }
  }

  private void upsert(Random chance) {
    write("upsert", rows(chance), true, called(chance));
  }

  private TreeMap<Long, Row> rows(Random chance) {
    List<String> partitions = new ArrayList<>(now().partitions().keySet());
    String partition = partitions.get(chance.nextInt(partitions.size()));
    TreeMap<Long, Row> rows = new TreeMap<>();
    for (int i = 1 + chance.nextInt(chance.nextInt(4) == 0 ? 30 : 4); i > 0; i--) {
      String text = chance.nextInt(4) == 0 ? null : TEXTS.get(chance.nextInt(TEXTS.size()));
      rows.put(
          (long) chance.nextInt(world.configuration.keys()),
          new Row(partition, chance.nextInt(21) - 10, text, Question.vector(chance)));
    }
    return rows;
  }

  private void write(String what, TreeMap<Long, Row> rows, boolean upsert, String called) {
    String partition = rows.firstEntry().getValue().partition();
    List<Map<String, @Nullable Object>> batch = new ArrayList<>();
    rows.forEach(
        (key, row) -> {
          Map<String, @Nullable Object> values = new HashMap<>();
          values.put("id", key);
          values.put("n", row.number());
          values.put("t", row.text());
          values.put("v", row.vector());
          batch.add(values);
        });
    InsertRequest request = new InsertRequest(called, partition, Batches.of(schema(), batch));
    client.change(
        process,
        what + " " + rows.keySet() + " into " + partition,
        contents ->
            contents.partitions().containsKey(partition)
                ? contents.withRows(all -> all.putAll(rows))
                : null,
        database -> {
          MutationResult result =
              upsert ? database.rows().upsert(ME, request) : database.rows().insert(ME, request);
          client.wrote(process, result.timestamp());
          return result.ids().size();
        },
        size -> contents -> size == rows.size());
  }

  private void deleteKeys(Random chance) {
    Set<Long> keys = new TreeSet<>();
    for (int i = 1 + chance.nextInt(6); i > 0; i--) {
      keys.add((long) chance.nextInt(world.configuration.keys()));
    }
    delete("id in " + keys, chance, (key, row) -> keys.contains(key));
  }

  private void deleteBelow(Random chance) {
    long bound = chance.nextInt(16) - 10;
    delete("n < " + bound, chance, (key, row) -> row.number() < bound);
  }

  private void delete(String filter, Random chance, BiPredicate<Long, Row> gone) {
    List<String> partitions = new ArrayList<>(now().partitions().keySet());
    String partition =
        chance.nextInt(4) == 0 ? partitions.get(chance.nextInt(partitions.size())) : "";
    BiPredicate<Long, Row> wanted =
        partition.isEmpty() ? gone : gone.and((key, row) -> row.partition().equals(partition));
    DeleteRequest request =
        new DeleteRequest(called(chance), partition, Filter.of(filter), Consistency.STRONG);
    client.change(
        process,
        "delete " + filter + " in '" + partition + "'",
        contents ->
            contents.exists()
                    && (partition.isEmpty() || contents.partitions().containsKey(partition))
                ? contents.withRows(
                    rows -> rows.entrySet().removeIf(e -> wanted.test(e.getKey(), e.getValue())))
                : null,
        database -> database.rows().delete(ME, request).deleteCount(),
        count ->
            contents ->
                count
                    == contents.rows().entrySet().stream()
                        .filter(e -> wanted.test(e.getKey(), e.getValue()))
                        .count());
  }
}
