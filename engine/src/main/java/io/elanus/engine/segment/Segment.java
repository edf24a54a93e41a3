package io.elanus.engine.segment;

import io.elanus.engine.range.KeyRange;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a reader sees them, frozen at the moment its snapshot was taken: a growing segment shows
 * the rows it had then. Valid until the snapshot is closed. Safe for many threads.
 */
public interface Segment {
  long id();

  long partitionId();

  boolean growing();

  /** Rows, visible or not. */
  int rowCount();

  /** Any stored field, {@code $meta} included. */
  ColumnView column(Field field);

  /**
   * Rows inserted at or before the timestamp and not deleted in (inserted, timestamp].
   *
   * @return a new bitmap that the caller may change
   */
  RowBitmap visibleAt(long timestamp);

  /** The field's vectors in chunks whose rows follow each other; one chunk for a sealed segment. */
  List<VectorData> vectors(Field field);

  /** The same in chunks small enough for {@link #chunkIndex}; all but the last one are full. */
  default List<VectorData> chunks(Field field) {
    return vectors(field);
  }

  /** The field's index where one is built. */
  @Nullable VectorIndex vectorIndex(Field field);

  /**
   * An index over the first rows of one chunk of {@link #chunks}, as many as it has, which answers
   * rows of the chunk; null where there is none or none yet.
   *
   * @param builders may make it for searches to come
   */
  default @Nullable VectorIndex chunkIndex(
      Field field, int chunk, Metric metric, Executor builders) {
    return null;
  }

  /** The field's scalar index where one is built. */
  @Nullable ScalarIndex scalarIndex(Field field);

  /** An index over the words of a field's texts, where one is built; a row is under each word. */
  default @Nullable ScalarIndex wordIndex(Field field) {
    return null;
  }

  /**
   * Rows by a key, where they are kept: shared, and not to be changed.
   *
   * @param key equal keys stand for equal rows of this segment, for ever
   * @param make called where they are to be kept from now on
   * @return null where they are not worth keeping, or the segment changes
   */
  default @Nullable RowBitmap remembered(Object key, Supplier<RowBitmap> make) {
    return null;
  }

  /** Between which values of the clustering key all rows lie; null where that is not known. */
  default @Nullable KeyRange range() {
    return null;
  }

  /** Hybrid timestamp at which the row was inserted. */
  long insertTimestamp(int row);

  /** Rows with this primary key (Long or String), visible or not, as row numbers. */
  int[] rowsOf(Object primaryKey);
}
