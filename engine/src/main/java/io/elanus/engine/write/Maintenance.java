package io.elanus.engine.write;

import io.elanus.engine.segment.Proof;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.ShardState.Sealing;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.engine.write.merge.KeyOrder;
import io.elanus.engine.write.merge.NextMerge;
import io.elanus.engine.write.merge.Occasion;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's background work, in this order of urgency: seal, drop what is past its time, merge,
 * build indexes. What a merge makes is published with its indexes, so that no search ever meets
 * rows that had an index and have none. One round runs at a time on the injected executor; a round
 * that fails is logged and tried again at the next wake.
 */
final class Maintenance {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  private final WritePath path;
  private final WriteSetup setup;
  private final SegmentWriter writer;
  private final IndexBuilds builds;
  private final Clustering clustering;
  private final NextMerge merges;

  /** Held while sealing; flush seals in its own thread. */
  private final ReentrantLock sealing = new ReentrantLock();

  /** Held while merging or building. */
  private final ReentrantLock building = new ReentrantLock();

  /** A round is queued and has not begun. */
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** A round found another one building and left its work to it. */
  private final AtomicBoolean missed = new AtomicBoolean();

  /**
   * Compactions asked for, by their numbers.
   *
   * @param last of them
   * @param clustering the last of those that move rows by the clustering key
   */
  private record Asked(long last, long clustering) {}

  private final AtomicReference<Asked> compactionsAsked = new AtomicReference<>(new Asked(0, 0));
  private final AtomicLong compactionsDone = new AtomicLong();

  /** The log's end at the last tick, and whether it stood there at the one before. */
  private volatile long operationAtTick = -1;

  private volatile boolean quiet;

  /** Rows inserted before are past their time to live. */
  private volatile long expiredBefore;

  private volatile boolean stopping;

  /** The manifest on the disk. */
  private volatile Manifest published = Manifest.EMPTY;

  Maintenance(WritePath path, WriteSetup setup) {
    this.path = path;
    this.setup = setup;
    this.writer = new SegmentWriter(setup);
    this.builds = new IndexBuilds(setup, this::refuseStopping);
    this.merges = new NextMerge(setup.config(), builds::awaited);
    this.clustering = new Clustering(path, setup, writer, new ClusteringWork());
  }

  /** Sees to it that a round will run. */
  void wake() {
    if (stopping || !scheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      setup.background().execute(this::round);
    } catch (RejectedExecutionException e) {
      // The process is going down; what is undone is done after the next start.
      scheduled.set(false);
    }
  }

  /**
   * Told now and then, so that quiet times are known and rows grow old.
   *
   * @param expired timestamp before which inserted rows are past their time to live; 0 for none
   */
  void tick(long expired) {
    if (stopping) {
      return;
    }
    long last = setup.log().lastOperation();
    quiet = last == operationAtTick;
    operationAtTick = last;
    expiredBefore = expired;
    List<SealedSegment> sealed = path.state().sealed();
    if (builds.retry()
        || sealed.stream().anyMatch(this::isExpired)
        || (quiet
            && !(merges.on(Occasion.QUIET, sealed).isEmpty()
                && clustering.choose(mergeable(sealed), Occasion.QUIET).isEmpty()))) {
      wake();
    }
  }

  private void round() {
    scheduled.set(false);
    if (stopping) {
      return;
    }
    try {
      sealAll();
      catchUp();
      improve();
    } catch (ElanusException e) {
      if (!stopping) {
        LOG.warn("background work of collection {} stopped", setup.collectionId(), e);
      }
    } catch (RuntimeException e) {
      LOG.error("background work of collection {} failed", setup.collectionId(), e);
    }
  }

  /** Merges and builds. A second round does not wait for the first: its thread may have to seal. */
  private void improve() {
    missed.set(true);
    if (!building.tryLock()) {
      return;
    }
    try {
      missed.set(false);
      Asked asked = compactionsAsked.get();
      // What merges make is not merged again on the same request: under a steady stream of deletes
      // that would never end.
      long newest = path.allocateSegmentId();
      dropExpired();
      learnRanges();
      do {
        sealAll();
        while (clusterOne(asked.clustering() > compactionsDone.get(), newest)
            || mergeOne(asked.last() > compactionsDone.get(), newest)) {
          sealAll();
        }
        compactionsDone.set(asked.last());
        proveAll();
      } while (indexOne());
    } finally {
      building.unlock();
    }
    if (missed.get()) {
      wake();
    }
  }

  // --- seal -----------------------------------------------------------------------------------

  void sealAll() {
    sealing.lock();
    try {
      List<Sealing> waiting = path.state().sealing();
      while (!waiting.isEmpty()) {
        refuseStopping();
        try (Snapshot pinned = path.snapshot()) {
          // Dropped or truncated in between, it is in the state no more.
          if (path.state().sealing().contains(waiting.getFirst())) {
            sealOne(waiting.getFirst());
          }
        }
        waiting = path.state().sealing();
      }
    } finally {
      sealing.unlock();
    }
  }

  private void sealOne(Sealing full) {
    setup.log().awaitDurable(full.throughOperation());
    Schema schema = path.schema();
    SegmentWriter.Written written =
        writer.write(
            path.allocateSegmentId(),
            full.segment().partitionId(),
            schema,
            List.of(full.segment().frozen()),
            path.visible(),
            expiredBefore);
    Optional<SealedSegment> opened = writer.open(written, schema);
    opened.ifPresent(builds::prepare);
    publish(
        opened,
        state -> {
          // Dropped or truncated meanwhile.
          if (!state.sealing().contains(full)) {
            return state;
          }
          opened.ifPresent(
              segment -> written.carryOver(0, full.segment().deletions(), segment.deletions()));
          return state.sealed(full, opened.orElse(null));
        });
  }

  // --- merge ----------------------------------------------------------------------------------

  /** Merges one group of segments; answers whether there was one. */
  private boolean mergeOne(boolean asked, long newest) {
    try (Snapshot pinned = path.snapshot()) {
      List<SealedSegment> group =
          merges.of(sealed(pinned), segment -> asked && segment.id() < newest, quiet);
      if (group.isEmpty()) {
        return false;
      }
      try {
        merge(group);
      } catch (ElanusException e) {
        refuseStopping();
        LOG.warn("segments of collection {} cannot be merged", setup.collectionId(), e);
        merges.leaveAlone(group);
      }
      return true;
    }
  }

  /** Clusters one heap of segments; answers whether there was one. */
  private boolean clusterOne(boolean asked, long newest) {
    try (Snapshot pinned = path.snapshot()) {
      List<SealedSegment> candidates = mergeable(sealed(pinned));
      List<SealedSegment> group = List.of();
      if (asked) {
        List<SealedSegment> old = candidates.stream().filter(s -> s.id() < newest).toList();
        group = clustering.choose(old, Occasion.ASKED);
      }
      if (group.isEmpty()) {
        group = clustering.choose(candidates, quiet ? Occasion.QUIET : Occasion.STEADY);
      }
      if (!group.isEmpty()) {
        clustering.cluster(group, expiredBefore);
      }
      return !group.isEmpty();
    }
  }

  private void learnRanges() {
    try (Snapshot pinned = path.snapshot()) {
      clustering.learn(sealed(pinned));
    }
  }

  private boolean isExpired(SealedSegment segment) {
    return segment.facts().maxTimestamp() < expiredBefore;
  }

  /** Whole segments go; rows of others when they are merged for another reason. */
  private void dropExpired() {
    List<Long> expired =
        path.state().sealed().stream().filter(this::isExpired).map(SealedSegment::id).toList();
    if (!expired.isEmpty()) {
      path.publish(state -> state.replaced(expired, List.of()));
    }
  }

  private List<SealedSegment> mergeable(List<SealedSegment> segments) {
    return segments.stream().filter(merges::isMergeable).toList();
  }

  private static List<SealedSegment> sealed(Snapshot snapshot) {
    List<SealedSegment> sealed = new ArrayList<>();
    for (Segment segment : snapshot.segments()) {
      if (segment instanceof SealedSegment s) {
        sealed.add(s);
      }
    }
    return sealed;
  }

  private void merge(List<SealedSegment> group) {
    refuseStopping();
    group.forEach(SealedSegment::verify);
    Schema schema = path.schema();
    SegmentWriter.Written written =
        writer.write(
            path.allocateSegmentId(),
            group.getFirst().partitionId(),
            schema,
            new ArrayList<>(group),
            path.visible(),
            expiredBefore);
    Optional<SealedSegment> merged = writer.open(written, schema).map(this::indexed);
    List<Long> ids = group.stream().map(SealedSegment::id).toList();
    publish(
        merged,
        state -> {
          if (ids.stream().anyMatch(id -> state.sealedById(id) == null)) {
            return state;
          }
          for (int i = 0; i < group.size(); i++) {
            int index = i;
            merged.ifPresent(
                to -> written.carryOver(index, group.get(index).deletions(), to.deletions()));
          }
          return state.replaced(ids, merged.stream().toList());
        });
  }

  /** With every index it needs. */
  private SealedSegment indexed(SealedSegment merged) {
    SealedSegment made = merged;
    try {
      UnaryOperator<SealedSegment> change = builds.next(made);
      while (change != null) {
        made = change.apply(made);
        sealAll();
        change = builds.next(made);
      }
      return made;
    } catch (RuntimeException | Error e) {
      merged.lifetime().retire();
      if (!stopping) {
        delete(made.facts());
      }
      throw e;
    }
  }

  private final class ClusteringWork implements Clustering.Work {
    @Override
    public void refuseStopping() {
      Maintenance.this.refuseStopping();
    }

    @Override
    public void sealAll() {
      Maintenance.this.sealAll();
    }

    @Override
    public SealedSegment indexed(SealedSegment made) {
      return Maintenance.this.indexed(made);
    }

    @Override
    public void delete(SegmentFacts facts) {
      if (!stopping) {
        Maintenance.this.delete(facts);
      }
    }
  }

  private void delete(SegmentFacts facts) {
    setup.objects().delete(facts.dataKey());
    facts.indexes().forEach(index -> setup.objects().delete(index.key()));
  }

  /** Publishes a change that brings a new segment, or lets go of that where it came too late. */
  private void publish(Optional<SealedSegment> made, UnaryOperator<ShardState> change) {
    boolean published = false;
    try {
      path.publish(change);
      published = true;
    } finally {
      if (made.isPresent() && path.state().sealedById(made.get().id()) == null) {
        made.get().lifetime().retire();
        // Where publishing failed, the manifest may be durable all the same: the file stays.
        if (published) {
          delete(made.get().facts());
        }
      }
    }
  }

  long compact(boolean byKey) {
    if (byKey) {
      clustering.retry();
    }
    List<SealedSegment> sealed = path.state().sealed();
    boolean moves = byKey && !clustering.choose(mergeable(sealed), Occasion.ASKED).isEmpty();
    if (!moves && merges.on(Occasion.ASKED, sealed).isEmpty()) {
      return -1;
    }
    long id =
        compactionsAsked
            .updateAndGet(a -> new Asked(a.last() + 1, moves ? a.last() + 1 : a.clustering()))
            .last();
    wake();
    return id;
  }

  boolean compacted(long id) {
    // Of an earlier life of the shard, it has ended with that.
    return compactionsDone.get() >= id || id > compactionsAsked.get().last();
  }

  // --- proofs ---------------------------------------------------------------------------------

  /**
   * Reads what the start only mapped against its checksums. A damaged index is built again; what is
   * damaged of the rows is refused to readers from then on, and reported.
   */
  private void proveAll() {
    try (Snapshot pinned = path.snapshot()) {
      for (SealedSegment segment : sealed(pinned)) {
        for (Proof proof : segment.proofs()) {
          refuseStopping();
          if (proof.damage() == null) {
            prove(proof);
          }
        }
      }
    }
  }

  private static void prove(Proof proof) {
    try {
      proof.read();
    } catch (ElanusException e) {
      LOG.error("{}; the rest of the collection serves", e.getMessage());
    }
  }

  /** What is known to be damaged. */
  List<String> damaged() {
    return path.state().sealed().stream()
        .flatMap(segment -> segment.proofs().stream())
        .map(Proof::damage)
        .filter(Objects::nonNull)
        .toList();
  }

  // --- indexes --------------------------------------------------------------------------------

  void indexes(List<IndexTarget> targets) {
    builds.targets(targets);
    wake();
  }

  private boolean indexOne() {
    try (Snapshot pinned = path.snapshot()) {
      for (SealedSegment segment : sealed(pinned)) {
        UnaryOperator<SealedSegment> change = builds.next(segment);
        if (change != null) {
          path.publish(state -> changed(state, segment.id(), change));
          return true;
        }
      }
      return false;
    }
  }

  private static ShardState changed(
      ShardState state, long id, UnaryOperator<SealedSegment> change) {
    SealedSegment current = state.sealedById(id);
    return current == null ? state : state.replaced(List.of(id), List.of(change.apply(current)));
  }

  IndexProgress progress(long indexId) {
    ShardState state = path.state();
    long unsealed = 0;
    for (var segment : state.unsealed()) {
      unsealed += segment.rowCount() - segment.deletions().count();
    }
    return builds.progress(indexId, state.sealed(), unsealed);
  }

  Backlog backlog() {
    ShardState state = path.state();
    long pending = 0;
    for (SealedSegment segment : state.sealed()) {
      pending += builds.awaited(segment) ? segment.rowCount() : 0;
    }
    long growing = 0;
    for (var segment : state.unsealed()) {
      growing += segment.bytes();
    }
    return new Backlog(
        growing,
        state.sealing().size(),
        state.sealed().size(),
        pending,
        KeyOrder.rowsOutOfOrder(state.sealed(), setup.config()));
  }

  SealedSegment openIndexes(SealedSegment segment, Schema schema) {
    return builds.open(segment, schema);
  }

  // --- house-keeping --------------------------------------------------------------------------

  /** Publishes the state as it is, so that the log can be cut. */
  void checkpoint() {
    path.publish(state -> state);
  }

  /**
   * A drop or truncation whose checkpoint failed or never came left its files to the manifest: only
   * the log knows that they are gone.
   */
  private void catchUp() {
    ShardState state = path.state();
    if (published.segments().stream().anyMatch(facts -> state.sealedById(facts.id()) == null)) {
      checkpoint();
    }
  }

  /**
   * Removes what only the older manifest needed: objects (mappings of them stay valid) and the log
   * below. What fails to go costs space, not truth, and objects go at the next start.
   */
  void release(Manifest older, Manifest newer) {
    published = newer;
    Set<String> gone = named(older);
    gone.removeAll(named(newer));
    try {
      setup.log().truncateBefore(newer.replayFrom());
      gone.forEach(setup.objects()::delete);
    } catch (ElanusException e) {
      LOG.warn("files of collection {} could not be removed", setup.collectionId(), e);
    }
  }

  /** Objects of segments that no manifest names: written, but never published. */
  void removeOrphans(Manifest manifest) {
    published = manifest;
    Set<String> orphans = new TreeSet<>(setup.objects().list(setup.prefix() + "segment/"));
    orphans.removeAll(named(manifest));
    if (!orphans.isEmpty() && manifest.number() > 0) {
      // Written again: a process killed before it forced the manifest's folder leaves one that a
      // power cut takes back, and what the older one names may be among the orphans.
      manifest.publish(setup.objects(), setup.prefix());
    }
    orphans.forEach(setup.objects()::delete);
  }

  private static Set<String> named(Manifest manifest) {
    Set<String> keys = new HashSet<>();
    for (SegmentFacts facts : manifest.segments()) {
      keys.add(facts.dataKey());
      if (!facts.deletesKey().isEmpty()) {
        keys.add(facts.deletesKey());
      }
      facts.indexes().forEach(index -> keys.add(index.key()));
    }
    return keys;
  }

  private void refuseStopping() {
    if (stopping) {
      throw new ElanusException(ErrorCode.CANCELED, "the collection is closing");
    }
  }

  /** Asks running work to stop and waits until it has. */
  void stop() {
    stopping = true;
    building.lock();
    building.unlock();
    sealing.lock();
    sealing.unlock();
  }
}
