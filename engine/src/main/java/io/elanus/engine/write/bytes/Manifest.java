package io.elanus.engine.write.bytes;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A shard's truth: which sealed segments there are, and from where the log must be replayed. Kept
 * in one object that is replaced atomically and durably; everything it names was durable before.
 *
 * <pre>
 * header ELAMANI1 (64 bytes); own fields: length (4) and CRC-32C (4) of what follows; from version 2
 *   CRC-32C of the shard's prefix (4), so that another shard's manifest is noticed
 * manifest number (8), next segment id (8), replay from operation (8)
 * partitions (4), per partition: id (8), sealed through operation (8)
 * segments (4), per segment: id, partition (8 each), rows (4), min and max timestamp (8 each),
 *   data key, footer checksum (4), data bytes (8), deletes key, deletes count (4),
 *   indexes (4), per index: id, field (8 each), type, metric, key; from version 2 its mark (4);
 *   from version 3 the range of the clustering key: kind (1: 0 none known, 1 no row has a value,
 *   2 integers, 3 floating, 4 texts), where it is not 0 the field (8) and whether rows have no value
 *   (1), from kind 2 on min and max (8 each: the integer, the bits of the double; or text)
 * </pre>
 *
 * Texts are a length (4) and UTF-8.
 *
 * @param replayFrom the first operation that is not wholly in sealed segments
 * @param sealedThrough per partition, the last operation whose rows are sealed: replay skips them
 */
public record Manifest(
    long number,
    long nextSegmentId,
    long replayFrom,
    Map<Long, Long> sealedThrough,
    List<SegmentFacts> segments) {
  private static final String MAGIC = "ELAMANI1";
  private static final int VERSION = 3;

  // Kinds of ranges.
  private static final int NO_RANGE = 0;
  private static final int NULLS = 1;
  private static final int INTEGERS = 2;
  private static final int FLOATING = 3;
  private static final int TEXTS = 4;

  private static final int IDENTITY_AT = FileHeader.OWN_OFFSET + 8;
  public static final String KEY = "manifest";
  public static final Manifest EMPTY = new Manifest(0, 1, 1, Map.of(), List.of());

  public Manifest {
    sealedThrough = Map.copyOf(sealedThrough);
    segments = List.copyOf(segments);
  }

  public void publish(ObjectStore objects, String prefix) {
    objects.put(prefix + KEY, encode(prefix));
  }

  /** As the manifest of the shard whose objects have this prefix. */
  public byte[] encode(String prefix) {
    ByteSink to = new ByteSink();
    to.putLong(number);
    to.putLong(nextSegmentId);
    to.putLong(replayFrom);
    to.putInt(sealedThrough.size());
    new TreeMap<>(sealedThrough)
        .forEach(
            (partition, operation) -> {
              to.putLong(partition);
              to.putLong(operation);
            });
    to.putInt(segments.size());
    for (SegmentFacts facts : segments) {
      put(to, facts);
    }
    byte[] content = to.toArray();
    byte[] file = new byte[FileHeader.BYTES + content.length];
    System.arraycopy(content, 0, file, FileHeader.BYTES, content.length);
    MemorySegment header = MemorySegment.ofArray(file).asSlice(0, FileHeader.BYTES);
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET, content.length);
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 4, Crc.of(MemorySegment.ofArray(content)));
    header.set(FileHeader.INT, IDENTITY_AT, identity(prefix));
    FileHeader.seal(header, MAGIC, VERSION);
    return file;
  }

  private static int identity(String prefix) {
    return Crc.of(MemorySegment.ofArray(prefix.getBytes(StandardCharsets.UTF_8)));
  }

  public static Manifest load(ObjectStore objects, String prefix) {
    if (!objects.exists(prefix + KEY)) {
      return EMPTY;
    }
    MemorySegment file = MemorySegment.ofArray(objects.read(prefix + KEY));
    FileHeader.check(file, MAGIC, VERSION, "the manifest");
    MemorySegment content = file.asSlice(FileHeader.BYTES);
    if (file.get(FileHeader.INT, FileHeader.OWN_OFFSET) != content.byteSize()
        || file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 4) != Crc.of(content)) {
      throw FileHeader.corrupt("the manifest differs from its checksum");
    }
    int version = file.get(FileHeader.INT, 8);
    if (version >= 2 && file.get(FileHeader.INT, IDENTITY_AT) != identity(prefix)) {
      throw FileHeader.corrupt("the manifest is that of another collection");
    }
    ByteSink.Source from = new ByteSink.Source(content);
    long number = from.takeLong();
    long nextSegmentId = from.takeLong();
    long replayFrom = from.takeLong();
    Map<Long, Long> sealedThrough = new TreeMap<>();
    int partitions = from.takeInt();
    for (int i = 0; i < partitions; i++) {
      long partition = from.takeLong();
      sealedThrough.put(partition, from.takeLong());
    }
    List<SegmentFacts> segments = new ArrayList<>();
    int n = from.takeInt();
    for (int i = 0; i < n; i++) {
      segments.add(take(from, version));
    }
    return new Manifest(number, nextSegmentId, replayFrom, sealedThrough, segments);
  }

  private static void put(ByteSink to, SegmentFacts facts) {
    to.putLong(facts.id());
    to.putLong(facts.partitionId());
    to.putInt(facts.rowCount());
    to.putLong(facts.minTimestamp());
    to.putLong(facts.maxTimestamp());
    to.putText(facts.dataKey());
    to.putInt(facts.dataChecksum());
    to.putLong(facts.dataBytes());
    to.putText(facts.deletesKey());
    to.putInt(facts.deletesCount());
    to.putInt(facts.indexes().size());
    for (SegmentFacts.IndexFile index : facts.indexes()) {
      to.putLong(index.indexId());
      to.putLong(index.fieldId());
      to.putText(index.type());
      to.putText(index.metric());
      to.putText(index.key());
      to.putInt(index.mark());
    }
    put(to, facts.range());
  }

  private static void put(ByteSink to, @Nullable KeyRange range) {
    if (range == null) {
      to.putByte(NO_RANGE);
      return;
    }
    to.putByte(
        switch (range.min()) {
          case null -> NULLS;
          case Long ignored -> INTEGERS;
          case Double ignored -> FLOATING;
          default -> TEXTS;
        });
    to.putLong(range.fieldId());
    to.putByte(range.nulls() ? 1 : 0);
    for (Object end : new @Nullable Object[] {range.min(), range.max()}) {
      switch (end) {
        case null -> {}
        case Long value -> to.putLong(value);
        case Double value -> to.putLong(Double.doubleToRawLongBits(value));
        default -> to.putText((String) end);
      }
    }
  }

  private static @Nullable KeyRange takeRange(ByteSink.Source from) {
    int kind = from.takeByte();
    if (kind == NO_RANGE) {
      return null;
    }
    long field = from.takeLong();
    boolean nulls = from.takeByte() != 0;
    return new KeyRange(field, takeEnd(from, kind), takeEnd(from, kind), nulls);
  }

  private static @Nullable Object takeEnd(ByteSink.Source from, int kind) {
    return switch (kind) {
      case NULLS -> null;
      case INTEGERS -> (Object) from.takeLong();
      case FLOATING -> (Object) Double.longBitsToDouble(from.takeLong());
      case TEXTS -> from.takeText();
      default -> throw FileHeader.corrupt("the manifest has a range of an unknown kind " + kind);
    };
  }

  private static SegmentFacts take(ByteSink.Source from, int version) {
    long id = from.takeLong();
    long partition = from.takeLong();
    int rows = from.takeInt();
    long min = from.takeLong();
    long max = from.takeLong();
    String dataKey = from.takeText();
    int checksum = from.takeInt();
    long bytes = from.takeLong();
    String deletesKey = from.takeText();
    int deletes = from.takeInt();
    List<SegmentFacts.IndexFile> indexes = new ArrayList<>();
    int n = from.takeInt();
    for (int i = 0; i < n; i++) {
      long indexId = from.takeLong();
      long fieldId = from.takeLong();
      String type = from.takeText();
      String metric = from.takeText();
      String key = from.takeText();
      int mark = version >= 2 ? from.takeInt() : 0;
      indexes.add(new SegmentFacts.IndexFile(indexId, fieldId, type, metric, key, mark));
    }
    KeyRange range = version >= 3 ? takeRange(from) : null;
    return new SegmentFacts(
        id,
        partition,
        rows,
        min,
        max,
        dataKey,
        checksum,
        bytes,
        deletesKey,
        deletes,
        indexes,
        range);
  }
}
