package io.elanus.engine.database;

import io.elanus.engine.write.Backlog;
import io.elanus.engine.write.Limits;
import io.elanus.engine.write.WriteConfig;
import io.elanus.index.text.Analyzers;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.model.Aliases;
import io.elanus.model.Caller;
import io.elanus.model.Collections;
import io.elanus.model.Database;
import io.elanus.model.Databases;
import io.elanus.model.Indexes;
import io.elanus.model.Jobs;
import io.elanus.model.Partitions;
import io.elanus.model.Rows;
import io.elanus.model.Texts;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.AnalyzeRequest;
import io.elanus.model.query.TextToken;
import io.elanus.model.schema.Field;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** A database in one process: the catalog's names, and a shard for each collection. */
public final class LocalDatabase implements Database {
  private final Stores stores;
  private final Directory directory;
  private final Shards shards;
  private final LocalDatabases databases;
  private final LocalCollections collections;
  private final LocalPartitions partitions;
  private final LocalIndexes indexes;
  private final LocalAliases aliases;
  private final LocalRows rows;
  private final LocalJobs jobs;
  private final LocalTexts texts;
  private final Names names;
  private final InstantSource clock;

  private LocalDatabase(Stores stores, Directory directory, Shards shards, Setup setup) {
    this.stores = stores;
    this.clock = setup.clock();
    this.directory = directory;
    this.shards = shards;
    this.names = new Names(directory, shards, stores.timestamps(), new ReentrantLock());
    this.databases = new LocalDatabases(names);
    this.collections = new LocalCollections(names);
    this.partitions = new LocalPartitions(names);
    this.indexes = new LocalIndexes(names);
    this.aliases = new LocalAliases(names);
    this.rows = new LocalRows(names, setup.search(), setup.clock(), new LongAdder());
    this.jobs = new LocalJobs(names);
    this.texts = new LocalTexts(names);
  }

  /** The names, the shards, the clock of writes, and the lock under which names change. */
  record Names(
      Directory directory,
      Shards shards,
      io.elanus.store.time.Timestamps timestamps,
      ReentrantLock lock) {
    CollectionRecord collection(Caller caller, String name) {
      return directory.collection(caller, name);
    }
  }

  /**
   * What a local database runs with.
   *
   * @param search threads of searches, about one per core
   * @param background runs seals, merges and index builds
   * @param clock for the age of rows under a time to live
   * @param leftovers removes what others keep of a collection, by its number; called in the
   *     background once it is dropped, and again after a start until it has returned once
   */
  public record Setup(
      ExecutorService search,
      Executor background,
      InstantSource clock,
      WriteConfig writes,
      Limits limits,
      Optional<LongConsumer> leftovers) {
    /** Where nobody else keeps anything. */
    public Setup(
        ExecutorService search,
        Executor background,
        InstantSource clock,
        WriteConfig writes,
        Limits limits) {
      this(search, background, clock, writes, limits, Optional.empty());
    }

    /** Without limits. */
    public Setup(
        ExecutorService search, Executor background, InstantSource clock, WriteConfig writes) {
      this(search, background, clock, writes, Limits.none());
    }
  }

  /** Runs analyzers for people who want to see what they do. */
  private record LocalTexts(Names names) implements Texts {
    @Override
    public List<List<TextToken>> analyze(Caller caller, AnalyzeRequest request) {
      TextAnalyzer analyzer = Analyzers.of(params(caller, request));
      List<List<TextToken>> all = new ArrayList<>();
      for (String text : request.texts()) {
        all.add(analyzer.details(text));
      }
      return all;
    }

    private String params(Caller caller, AnalyzeRequest request) {
      if (request.collection().isEmpty()) {
        return request.analyzerParams();
      }
      if (!request.analyzerParams().isEmpty()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "give either analyzer_params or a collection's field, not both");
      }
      CollectionRecord record = names.collection(caller, request.collection());
      Field field =
          record
              .schema()
              .field(request.field())
              .orElseThrow(
                  () ->
                      new ElanusException(
                          ErrorCode.FIELD_NOT_FOUND,
                          "field %s does not exist in collection %s"
                              .formatted(request.field(), record.name())));
      if (!field.hasAnalyzer()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "field %s does not enable analyzer".formatted(field.name()));
      }
      return field.analyzerParams();
    }
  }

  /** Opens every collection; ready to serve when this returns. */
  public static LocalDatabase open(Stores stores, Setup setup) {
    Directory directory = new Directory(stores.catalog(), stores.timestamps().next());
    Shards shards =
        new Shards(stores, setup.background(), setup.writes(), setup.limits(), setup.leftovers());
    try {
      shards.removeDropped(directory);
      directory.collections().forEach(shards::open);
    } catch (RuntimeException | Error e) {
      shards.close();
      throw e;
    }
    return new LocalDatabase(stores, directory, shards, setup);
  }

  /** What is damaged on disk and refused, each with a reason: collections, or parts of them. */
  public List<String> damaged() {
    return shards.damagedReasons();
  }

  /** To be called every few seconds: background work that waits for quiet times or for age. */
  public void tick() {
    shards.relieve();
    for (CollectionRecord record : directory.collections()) {
      revive(record);
      shards.tick(record, LocalCollections.expiredBefore(record, clock));
    }
  }

  /** No name, schema or index changes meanwhile. */
  private void revive(CollectionRecord record) {
    if (!shards.isOutOfSpace(record)) {
      return;
    }
    names.lock().lock();
    try {
      directory.byId(record.id()).ifPresent(shards::revive);
    } finally {
      names.lock().unlock();
    }
  }

  /** What waits for background work, over all collections. */
  public Backlog backlog() {
    return shards.backlog();
  }

  /** Segments that reads did not look into so far: no row of their range of the key could pass. */
  public long skippedSegments() {
    return rows.skipped().sum();
  }

  /** How many collections there are, for a gauge. */
  public int collectionCount() {
    return directory.collections().size();
  }

  @Override
  public Databases databases() {
    return databases;
  }

  @Override
  public Collections collections() {
    return collections;
  }

  @Override
  public Partitions partitions() {
    return partitions;
  }

  @Override
  public Indexes indexes() {
    return indexes;
  }

  @Override
  public Aliases aliases() {
    return aliases;
  }

  @Override
  public Rows rows() {
    return rows;
  }

  @Override
  public Jobs jobs() {
    return jobs;
  }

  @Override
  public Texts texts() {
    return texts;
  }

  @Override
  public long allocateTimestamp() {
    return stores.timestamps().next();
  }

  @Override
  public void close() {
    names.lock().lock();
    try {
      shards.close();
    } finally {
      names.lock().unlock();
    }
  }
}
