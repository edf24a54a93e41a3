package io.elanus.engine.write;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.segment.SegmentFacts.IndexFile;
import io.elanus.engine.segment.SegmentKey;
import io.elanus.engine.write.bytes.DeletesFile;
import io.elanus.engine.write.bytes.LogRecord;
import io.elanus.engine.write.bytes.Manifest;
import io.elanus.index.VectorIndexes;
import io.elanus.index.scalar.ScalarIndexes;
import io.elanus.model.error.ElanusException;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.format.Finding;
import io.elanus.store.log.Log;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a shard at rest: every byte of what its manifest names, what lies around that it does
 * not name, and whether the log goes on where the manifest ends. Changes nothing.
 */
public final class ShardCheck {
  private static final String RESTORE = "restore the collection from a backup";
  private static final String REBUILT = "start the server; the index is built again by itself";

  private final ObjectStore objects;
  private final String prefix;
  private final Schema schema;
  private final Consumer<Finding> findings;
  private final Set<String> named = new HashSet<>();
  private long lastTimestamp;

  /**
   * @param prefix of the keys of the shard's objects, ending in a slash
   */
  public ShardCheck(ObjectStore objects, String prefix, Schema schema, Consumer<Finding> findings) {
    this.objects = objects;
    this.prefix = prefix;
    this.schema = schema;
    this.findings = findings;
  }

  /**
   * Runs all checks.
   *
   * @param log opened for looking only; null where it is damaged, which has been told
   * @return the latest timestamp of any row or record
   */
  public long run(@Nullable Log log, String logName) {
    Manifest manifest;
    try {
      manifest = Manifest.load(objects, prefix);
    } catch (ElanusException | IndexOutOfBoundsException e) {
      damage(prefix + Manifest.KEY, e.getMessage());
      return lastTimestamp;
    }
    boolean listed = objects.exists(prefix + Manifest.KEY);
    named.add(prefix + Manifest.KEY);
    for (SegmentFacts facts : manifest.segments()) {
      segment(facts);
    }
    strays(listed);
    if (log != null) {
      log(manifest, log, logName);
    }
    return lastTimestamp;
  }

  private void segment(SegmentFacts facts) {
    named.add(facts.dataKey());
    facts.indexes().forEach(index -> named.add(index.key()));
    if (!facts.deletesKey().isEmpty()) {
      named.add(facts.deletesKey());
    }
    lastTimestamp = Math.max(lastTimestamp, facts.maxTimestamp());
    SealedSegment segment =
        sound(facts.dataKey(), () -> SealedSegment.open(facts, schema, objects)).orElse(null);
    if (segment == null) {
      return;
    }
    try {
      rows(segment);
      deletes(segment);
      facts.indexes().forEach(index -> index(segment, index));
    } finally {
      segment.lifetime().retire();
    }
  }

  private void rows(SealedSegment segment) {
    SegmentFacts facts = segment.facts();
    boolean whole =
        sound(
                facts.dataKey(),
                () -> {
                  segment.verify();
                  return true;
                })
            .isPresent();
    if (!whole) {
      return;
    }
    ColumnView values = KeyRange.key(schema).map(segment::column).orElse(null);
    KeyRange range = facts.range();
    Object before = null;
    for (int row = 0; row < segment.rowCount(); row++) {
      Object key = SealedSegment.keyAt(schema.primaryKey(), segment, row);
      long timestamp = segment.insertTimestamp(row);
      if (before != null && SegmentKey.compare(before, key) > 0) {
        damage(facts.dataKey(), "its rows are not in the order of their keys");
        return;
      }
      if (timestamp < facts.minTimestamp() || timestamp > facts.maxTimestamp()) {
        damage(facts.dataKey(), "it holds rows of other times than the manifest says");
        return;
      }
      boolean outside =
          values != null
              && range != null
              && !range.holds(SealedSegment.clusteringValue(values, row));
      if (outside) {
        damage(
            facts.dataKey(), "it holds values of its clustering key that the manifest rules out");
        return;
      }
      before = key;
    }
  }

  private void deletes(SealedSegment segment) {
    SegmentFacts facts = segment.facts();
    if (facts.deletesKey().isEmpty()) {
      return;
    }
    sound(
        facts.deletesKey(),
        () -> {
          DeletesFile.read(segment, facts.deletesKey(), objects);
          if (segment.deletions().count() != facts.deletesCount()) {
            damage(
                facts.deletesKey(),
                "it holds %d deletions, the manifest says %d"
                    .formatted(segment.deletions().count(), facts.deletesCount()));
          }
          return true;
        });
  }

  /** An index is a cache of the rows: a start forgets one that is damaged, and builds it again. */
  private void index(SealedSegment segment, IndexFile file) {
    Optional<Field> field =
        schema.storedFields().stream().filter(f -> f.id() == file.fieldId()).findFirst();
    if (field.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = objects.map(file.key(), arena);
      io.elanus.index.IndexFile.verify(mapped, "the index");
      if (field.get().type().isVector()) {
        VectorIndexes.format(file.type())
            .open(mapped, segment.vectors(field.get()).getFirst(), Metric.valueOf(file.metric()));
      } else {
        ScalarIndexes.open(mapped, segment.rowCount());
      }
    } catch (RuntimeException e) {
      findings.accept(Finding.warning(named(file.key()), String.valueOf(e.getMessage()), REBUILT));
    }
  }

  private void strays(boolean listed) {
    List<String> strays =
        objects.list(prefix).stream().filter(key -> !named.contains(key)).toList();
    if (!listed && !strays.isEmpty()) {
      findings.accept(
          Finding.warning(
              named(prefix + Manifest.KEY),
              "it is missing, while there are %d files that one should name"
                  .formatted(strays.size()),
              "start the server; where the log is whole, all rows come back from it"));
    } else {
      strays.forEach(
          key ->
              findings.accept(
                  Finding.note(named(key), "no manifest names it: work that was not finished")));
    }
  }

  private void log(Manifest manifest, Log log, String name) {
    if (log.lastOperation() < manifest.replayFrom() - 1) {
      findings.accept(
          Finding.damage(
              name,
              "it ends at operation %d, but the manifest has seen operation %d"
                  .formatted(log.lastOperation(), manifest.replayFrom() - 1),
              RESTORE));
      return;
    }
    try {
      log.replay(
          manifest.replayFrom(),
          (operation, bytes) ->
              lastTimestamp = Math.max(lastTimestamp, LogRecord.decode(bytes).timestamp()));
    } catch (ElanusException | IndexOutOfBoundsException e) {
      findings.accept(Finding.damage(name, String.valueOf(e.getMessage()), RESTORE));
    }
  }

  private <T> Optional<T> sound(String key, Supplier<T> look) {
    try {
      return Optional.of(look.get());
    } catch (RuntimeException e) {
      damage(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void damage(String key, @Nullable String problem) {
    findings.accept(Finding.damage(named(key), String.valueOf(problem), RESTORE));
  }

  private static String named(String key) {
    return "objects/" + key;
  }
}
