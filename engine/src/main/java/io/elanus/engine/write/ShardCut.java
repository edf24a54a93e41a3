package io.elanus.engine.write;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.Segment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.segment.SegmentFacts.IndexFile;
import io.elanus.engine.segment.Snapshot;
import io.elanus.engine.write.bytes.DeletesFile;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.model.Cut;
import io.elanus.model.schema.Schema;
import io.elanus.store.backup.RestoredLogs;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One shard as it was at a timestamp, as the files of a shard of which everything is sealed: its
 * segments, their deletions up to then, its indexes, and a manifest that names them and needs no
 * log.
 *
 * <p>All shards are locked, then the timestamp is taken: every write with a smaller one has been
 * applied, and there is no other. Writers wait only while the segments are pinned. What merges
 * remove later stays mapped.
 */
public final class ShardCut implements AutoCloseable {
  /** A restored log begins here: see {@link io.elanus.store.backup.RestoredLogs}. */
  private static final long REPLAY_FROM = RestoredLogs.FIRST_OPERATION;

  private final WritePath path;
  private final Schema schema;
  private final Snapshot pinned;
  private final long throughOperation;
  private final List<SealedSegment> own = new ArrayList<>();

  private ShardCut(WritePath path, long timestamp) {
    this.path = path;
    this.schema = path.schema();
    this.throughOperation = path.setup.log().lastOperation();
    this.pinned = path.pin(timestamp);
  }

  /** All shards at one timestamp, which is taken while none of them can be written to. */
  public static List<ShardCut> of(List<WritePath> paths, LongSupplier timestamp) {
    List<ShardCut> cuts = new ArrayList<>();
    int locked = 0;
    boolean done = false;
    try {
      for (WritePath path : paths) {
        path.lock.lock();
        locked++;
        path.refuseClosed();
      }
      long now = timestamp.getAsLong();
      for (WritePath path : paths) {
        cuts.add(new ShardCut(path, now));
      }
      done = true;
      return cuts;
    } finally {
      for (WritePath path : paths.subList(0, locked)) {
        path.lock.unlock();
      }
      if (!done) {
        cuts.forEach(ShardCut::close);
      }
    }
  }

  /** Its files; those of rows that were not sealed are written now. */
  public List<Cut.Part> parts() {
    // Nothing may be in a backup that a crash of this machine could take back.
    path.setup.log().awaitDurable(throughOperation);
    List<Cut.Part> parts = new ArrayList<>();
    List<SegmentFacts> facts = new ArrayList<>();
    long lastId = 0;
    for (Segment segment : pinned.segments()) {
      SealedSegment sealed = segment instanceof SealedSegment s ? s : seal(segment);
      if (sealed != null) {
        facts.add(add(sealed, parts));
        lastId = Math.max(lastId, sealed.id());
      }
    }
    Manifest manifest = new Manifest(1, lastId + 1, REPLAY_FROM, Map.of(), facts);
    MemorySegment bytes = MemorySegment.ofArray(manifest.encode(path.setup.prefix()));
    parts.add(new Whole(path.setup.prefix() + Manifest.KEY, bytes));
    return parts;
  }

  /** The live rows of a growing segment as a file that is mapped and has no name any more. */
  private @Nullable SealedSegment seal(Segment growing) {
    SegmentWriter writer = new SegmentWriter(path.setup);
    SegmentWriter.Written written =
        writer.write(
            path.allocateSegmentId(),
            growing.partitionId(),
            schema,
            List.of(growing),
            pinned.timestamp(),
            0);
    if (written.facts().rowCount() == 0) {
      return null;
    }
    SealedSegment opened = SealedSegment.open(written.facts(), schema, path.setup.objects());
    own.add(opened);
    path.setup.objects().delete(written.facts().dataKey());
    return opened;
  }

  private SegmentFacts add(SealedSegment segment, List<Cut.Part> parts) {
    SegmentFacts facts = segment.facts();
    parts.add(new Data(facts.dataKey(), segment));
    String deletesKey = path.setup.prefix() + "segment/" + facts.id() + "/deletes-1";
    DeletesFile.Content deletes = DeletesFile.content(segment, deletesKey, pinned.timestamp());
    if (deletes.count() == 0) {
      deletesKey = "";
    } else {
      parts.add(new Whole(deletesKey, joined(deletes.header(), deletes.entries())));
    }
    List<IndexFile> indexes = new ArrayList<>();
    for (IndexFile file : facts.indexes()) {
      SealedSegment.OpenIndex open = segment.index(file.slot());
      if (open != null && open.indexId() == file.indexId()) {
        indexes.add(file);
        parts.add(new Index(file.key(), open.file()));
      }
    }
    return facts.withDeletes(deletesKey, deletes.count()).withIndexes(indexes);
  }

  private static MemorySegment joined(MemorySegment header, MemorySegment entries) {
    byte[] bytes = new byte[Math.toIntExact(header.byteSize() + entries.byteSize())];
    MemorySegment all = MemorySegment.ofArray(bytes);
    all.copyFrom(header);
    all.asSlice(header.byteSize()).copyFrom(entries);
    return all;
  }

  @Override
  public void close() {
    pinned.close();
    own.forEach(segment -> segment.lifetime().retire());
  }

  private record Data(String key, SealedSegment segment) implements Cut.Part {
    @Override
    public MemorySegment content() {
      return segment.bytes();
    }

    /** The columns by the footer's checksums, the footer by the manifest's. */
    @Override
    public void verify() {
      segment.verify();
    }
  }

  private record Index(String key, MemorySegment content) implements Cut.Part {
    @Override
    public void verify() {
      io.elanus.index.IndexFile.verify(content, key);
    }
  }

  /** Made in memory a moment ago. */
  private record Whole(String key, MemorySegment content) implements Cut.Part {
    @Override
    public void verify() {}
  }
}
