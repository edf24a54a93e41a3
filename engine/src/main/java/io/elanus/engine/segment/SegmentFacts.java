package io.elanus.engine.segment;

import io.elanus.engine.range.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest knows of a sealed segment.
 *
 * @param dataKey the object with its rows
 * @param dataChecksum CRC-32C of that object's footer
 * @param deletesKey the object with its deletions, or empty for none
 * @param indexes index files that are built
 * @param range of the clustering key's values; null where the schema has no such key, or the
 *     segment was written before ranges were kept and has not been looked at since
 */
public record SegmentFacts(
    long id,
    long partitionId,
    int rowCount,
    long minTimestamp,
    long maxTimestamp,
    String dataKey,
    int dataChecksum,
    long dataBytes,
    String deletesKey,
    int deletesCount,
    List<IndexFile> indexes,
    @Nullable KeyRange range) {

  /**
   * A built index: of which definition, over which field, in which object.
   *
   * @param indexId of the definition; negative for an index over the words of a field, which has
   *     none
   * @param mark CRC-32C of the file's last bytes, which hold the checksum of all others: another
   *     file in its place is noticed; 0 where an older manifest did not say
   */
  public record IndexFile(
      long indexId, long fieldId, String type, String metric, String key, int mark) {
    /** By which an open segment knows it: the field's id, or that of its words. */
    public long slot() {
      return indexId < 0 ? SealedSegment.words(fieldId) : fieldId;
    }
  }

  public SegmentFacts {
    indexes = List.copyOf(indexes);
  }

  public SegmentFacts withIndexes(List<IndexFile> newer) {
    return with(deletesKey, deletesCount, newer, range);
  }

  public SegmentFacts withDeletes(String key, int count) {
    return with(key, count, indexes, range);
  }

  public SegmentFacts withRange(KeyRange found) {
    return with(deletesKey, deletesCount, indexes, found);
  }

  /** What may change while the rows stay as they are. */
  private SegmentFacts with(
      String deletes, int deleted, List<IndexFile> built, @Nullable KeyRange between) {
    return new SegmentFacts(
        id,
        partitionId,
        rowCount,
        minTimestamp,
        maxTimestamp,
        dataKey,
        dataChecksum,
        dataBytes,
        deletes,
        deleted,
        built,
        between);
  }
}
