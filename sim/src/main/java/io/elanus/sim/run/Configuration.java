package io.elanus.sim.run;

import io.elanus.engine.write.WriteConfig;
import io.elanus.sim.schedule.Scheduler;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What one seed draws besides its operations. Each seed leaves some operations and faults out
 * altogether and has others often, which reaches states that an even mix never does.
 *
 * @param clients collections, each written by a thread of its own
 * @param readers threads per collection that only read
 * @param questions each of them asks in one life of the process
 * @param logFileBytes after which a log goes on in another file
 * @param idlePercent of waits for durability that whoever waits is held up for long
 * @param rotPercent of the ends of a process after which a copy of its disk is damaged and looked
 *     at
 * @param recoveryCrashPercent how often a process dies while it opens
 * @param clusteringKey a field, or empty for none
 */
record Configuration(
    int clients,
    int readers,
    int questions,
    int steps,
    int keys,
    int backgroundThreads,
    int logFileBytes,
    WriteConfig writes,
    Scheduler.Manner manner,
    int idlePercent,
    int rotPercent,
    int recoveryCrashPercent,
    String vectorIndex,
    Map<Step.Kind, Integer> operations,
    List<Faults.Kind> faults,
    String clusteringKey) {
  private static final List<String> VECTOR_INDEXES =
      List.of("FLAT", "FLAT", "HNSW", "IVF_FLAT", "AUTOINDEX");

  private static final List<String> CLUSTERING_KEYS = List.of("", "n", "n", "t");

  /**
   * @param later draws what was added later, so that seeds keep the rest
   */
  static Configuration draw(Random chance, Random later) {
    String clusteringKey = CLUSTERING_KEYS.get(later.nextInt(CLUSTERING_KEYS.size()));
    int rows = List.of(4, 8, 16, 40).get(chance.nextInt(4));
    // Rows are clustered where they do not fit into one segment.
    int fewRows = clusteringKey.isEmpty() ? 0 : List.of(0, 3, 10).get(later.nextInt(3));
    WriteConfig writes =
        new WriteConfig(
            chance.nextInt(4) == 0 ? 1_500 : 1 << 20,
            rows,
            chance.nextBoolean() ? 4 : 12,
            mergeRowsMax(chance.nextBoolean() ? 10_000 : 3 * rows, fewRows),
            2 + chance.nextInt(3),
            1 + chance.nextInt(3));
    Map<Step.Kind, Integer> operations = new EnumMap<>(Step.Kind.class);
    for (Step.Kind kind : Step.Kind.values()) {
      boolean kept = kind == Step.Kind.INSERT || chance.nextInt(5) > 0;
      operations.put(kind, kept ? Math.max(1, kind.weight() * (1 + chance.nextInt(4)) / 2) : 0);
    }
    List<Faults.Kind> faults =
        List.of(Faults.Kind.values()).stream().filter(kind -> chance.nextBoolean()).toList();
    return new Configuration(
        1 + chance.nextInt(2),
        chance.nextInt(3) / 2 + chance.nextInt(2),
        List.of(6, 6, 20).get(chance.nextInt(3)),
        30 + chance.nextInt(60),
        List.of(8, 40, 120).get(chance.nextInt(3)),
        1 + chance.nextInt(2),
        List.of(300, 1_200, 6_000, 1 << 20).get(chance.nextInt(4)),
        writes,
        new Scheduler.Manner(
            List.of(0, 50, 90).get(chance.nextInt(3)),
            List.of(0, 0, 80).get(chance.nextInt(3)),
            List.of(0, 5, 40).get(chance.nextInt(3)),
            List.of(0, 0, 50).get(chance.nextInt(3))),
        List.of(0, 0, 30).get(chance.nextInt(3)),
        List.of(0, 0, 25).get(chance.nextInt(3)),
        List.of(0, 20, 60).get(chance.nextInt(3)),
        VECTOR_INDEXES.get(chance.nextInt(VECTOR_INDEXES.size())),
        operations,
        faults,
        clusteringKey);
  }

  private static int mergeRowsMax(int usual, int few) {
    return few > 0 ? few : usual;
  }
}
