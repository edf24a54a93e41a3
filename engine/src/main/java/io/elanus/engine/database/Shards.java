package io.elanus.engine.database;

import io.elanus.engine.Shard;
import io.elanus.engine.database.CollectionRecord.IndexRecord;
import io.elanus.engine.write.Backlog;
import io.elanus.engine.write.IndexTarget;
import io.elanus.engine.write.Limits;
import io.elanus.engine.write.SegmentView;
import io.elanus.engine.write.WriteConfig;
import io.elanus.engine.write.WriteSetup;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Field;
import io.elanus.store.limit.MemoryBudget;
import io.elanus.store.log.Log;
import io.elanus.store.object.ObjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open shards, one a collection. One that cannot be opened because its data is damaged is set
 * aside: calls that touch it fail and say why, the others serve.
 */
final class Shards implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shards.class);
  private static final long SEED = 20_260_101;

  private final Stores stores;
  private final Executor background;
  private final WriteConfig config;
  private final Limits limits;
  private final Optional<LongConsumer> leftovers;
  private final Map<Long, Shard> open = new ConcurrentHashMap<>();
  private final Map<Long, ElanusException> damaged = new ConcurrentHashMap<>();
  private final List<String> unknown = new ArrayList<>();
  private final Map<Long, Patience> waiting = new ConcurrentHashMap<>();

  Shards(
      Stores stores,
      Executor background,
      WriteConfig config,
      Limits limits,
      Optional<LongConsumer> leftovers) {
    this.limits = limits;
    this.leftovers = leftovers;
    this.stores = stores;
    this.background = background;
    this.config = config;
  }

  private static String prefix(long id) {
    return "collection/" + id + "/";
  }

  void open(CollectionRecord record) {
    try {
      Shard shard = shard(record, stores.logs().open(record.id()));
      open.put(record.id(), shard);
      dropUnknownPartitions(shard, record);
      indexes(record);
    } catch (ElanusException e) {
      if (e.code().kind() != ErrorCode.Kind.CORRUPT) {
        throw e;
      }
      LOG.error("collection {} is set aside", record.name(), e);
      damaged.put(record.id(), e);
    }
  }

  /** How many ticks pass between attempts that fail: 1, 3, then 5. */
  private static final class Patience {
    private static final int TICKS_MAX = 5;
    private int pause;
    private int left;

    boolean isOver() {
      if (left > 0) {
        left--;
        return false;
      }
      pause = Math.min(2 * pause + 1, TICKS_MAX);
      left = pause;
      return true;
    }
  }

  /** Whether the shard's log met a full disk. */
  boolean isOutOfSpace(CollectionRecord record) {
    Shard shard = open.get(record.id());
    return shard != null && shard.isOutOfSpace();
  }

  /**
   * Lets a shard whose log met a full disk take writes again, where there is space: it is opened
   * anew from what is durable, as after a restart, over a new file of the log. Until then the old
   * one serves reads. Called at ticks, under the lock of names.
   */
  void revive(CollectionRecord record) {
    Shard failed = open.get(record.id());
    if (failed == null || !failed.isOutOfSpace()) {
      return;
    }
    if (!waiting.computeIfAbsent(record.id(), id -> new Patience()).isOver()) {
      return;
    }
    Shard revived;
    try {
      Log log = stores.logs().resume(record.id(), failed.durableOperation());
      // Two must not seal or merge over the same files.
      failed.rest();
      revived = shard(record, log);
    } catch (ElanusException e) {
      LOG.warn("collection {} does not take writes yet", record.name(), e);
      return;
    }
    waiting.remove(record.id());
    open.put(record.id(), revived);
    try {
      indexes(record);
      dropUnknownPartitions(revived, record);
      LOG.info("collection {} takes writes again", record.name());
    } finally {
      failed.close();
    }
  }

  /** The shard closes its log in the end; one that does not open leaves that to us. */
  private Shard shard(CollectionRecord record, Log log) {
    try {
      return Shard.open(
          new WriteSetup(
              record.id(),
              record.schema(),
              stores.objects(),
              prefix(record.id()),
              log,
              stores.timestamps(),
              background,
              config,
              limits,
              SEED));
    } catch (RuntimeException | Error e) {
      try {
        log.close();
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** A crash, or an insert, may come between a partition's drop and that of its rows. */
  private static void dropUnknownPartitions(Shard shard, CollectionRecord record) {
    Set<Long> known = record.partitionIds();
    shard.segments().stream()
        .map(SegmentView::partitionId)
        .distinct()
        .filter(id -> !known.contains(id))
        .forEach(shard::dropPartition);
  }

  /** Tells the shard which indexes the record asks for. */
  void indexes(CollectionRecord record) {
    List<IndexTarget> targets = new ArrayList<>();
    for (IndexRecord index : record.indexes()) {
      record
          .schema()
          .field(index.spec().field())
          .ifPresent(field -> targets.add(new IndexTarget(index.id(), field, index.spec())));
    }
    record.schema().fields().stream()
        .filter(Field::hasMatch)
        .forEach(field -> targets.add(IndexTarget.words(field)));
    of(record).indexes(targets);
  }

  Shard of(CollectionRecord record) {
    Shard shard = open.get(record.id());
    if (shard != null) {
      return shard;
    }
    ElanusException why = damaged.get(record.id());
    if (why != null) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT,
          "collection %s cannot be read: %s".formatted(record.name(), why.getMessage()),
          why);
    }
    throw new ElanusException(
        ErrorCode.NOT_READY, "collection %s is closing".formatted(record.name()));
  }

  /** See {@link Shard#tick}; a collection that is set aside has no shard. */
  void tick(CollectionRecord record, long expiredBefore) {
    Shard shard = open.get(record.id());
    if (shard != null) {
      shard.tick(expiredBefore);
    }
  }

  /** Where little memory is left, the shard whose growing rows take most of it seals them. */
  void relieve() {
    if (!isScarce(limits.memory()) && !isScarce(limits.heap())) {
      return;
    }
    open.values().stream()
        .max(Comparator.comparingLong(shard -> shard.backlog().growingBytes()))
        .filter(shard -> shard.backlog().growingBytes() > 0)
        .ifPresent(Shard::sealSoon);
  }

  private static boolean isScarce(MemoryBudget budget) {
    return budget.leftBytes() < budget.limitBytes() / 4;
  }

  Backlog backlog() {
    return open.values().stream().map(Shard::backlog).reduce(Backlog.NONE, Backlog::plus);
  }

  void drop(CollectionRecord record) {
    Shard shard = open.remove(record.id());
    damaged.remove(record.id());
    if (shard != null) {
      shard.close();
    }
    remove(record.id());
  }

  /**
   * That it was dropped is remembered until nothing of it is left anywhere; what others keep of it
   * may be much, and goes in the background. A crash or a failure leaves it to the next start.
   */
  void forgetDropped(long id, Directory directory) {
    if (leftovers.isEmpty()) {
      directory.forgetDropped(id);
      return;
    }
    try {
      background.execute(
          () -> {
            try {
              leftovers.get().accept(id);
              directory.forgetDropped(id);
            } catch (RuntimeException e) {
              LOG.warn("what is left of the dropped collection {} goes at the next start", id, e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.info("what is left of the dropped collection {} goes at the next start", id);
    }
  }

  private void remove(long id) {
    stores.objects().deleteAll(prefix(id));
    stores.logs().delete(id);
  }

  /**
   * Removes what a crash between a drop and its clean-up left behind: only what the catalog says to
   * be dropped. Data that the catalog does not know is not proof of a drop: the catalog may be lost
   * or an old copy.
   */
  void removeDropped(Directory directory) {
    for (long id : directory.dropped()) {
      remove(id);
      forgetDropped(id, directory);
    }
    Set<Long> present = new TreeSet<>(stores.logs().collections());
    present.addAll(collectionsIn(stores.objects()));
    present.removeIf(id -> directory.byId(id).isPresent());
    for (long id : present) {
      LOG.error("data of collection {} is in the data folder, but in no catalog", id);
      unknown.add(
          "the data folder holds collection %d, which the catalog does not know: it is left alone; restore catalog.db, or remove the folders of the collection"
              .formatted(id));
      directory.leaveOut(id);
    }
  }

  /** Ids of the collections that have objects. */
  static Set<Long> collectionsIn(ObjectStore objects) {
    return objects.list("collection/").stream()
        .map(key -> key.split("/", -1)[1])
        .filter(folder -> folder.matches(FolderLogs.ID))
        .map(Long::valueOf)
        .collect(Collectors.toSet());
  }

  List<String> damagedReasons() {
    List<String> all = new ArrayList<>(unknown);
    damaged.values().forEach(e -> all.add(String.valueOf(e.getMessage())));
    open.values().forEach(shard -> all.addAll(shard.damaged()));
    return all;
  }

  @Override
  public void close() {
    open.values().forEach(Shard::close);
    open.clear();
  }
}
