package io.elanus.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CompactionInfo;
import io.elanus.model.info.FlushInfo;
import io.elanus.model.info.SegmentInfo;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Flushing and compacting, which change no answer. */
public interface JobsContract extends DatabaseUnderTest {
  private static long rows(List<SegmentInfo> segments) {
    return segments.stream().mapToLong(s -> s.rowCount() - s.deletedRowCount()).sum();
  }

  @Test
  default void aFlushSealsAllRows() {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    long first = c.insert(DatabaseUnderTest.rows(0, 10)).timestamp();
    assertThat(database().jobs().isFlushed(ME, "c", first)).isFalse();
    FlushInfo flush = database().jobs().flush(ME, "c");
    assertThat(flush.collectionId()).isEqualTo(database().collections().describe(ME, "c").id());
    assertThat(flush.segmentIds()).isNotEmpty();
    assertThat(flush.timestamp()).isGreaterThanOrEqualTo(first);
    assertThat(database().jobs().isFlushed(ME, "c", flush.timestamp())).isTrue();
    List<SegmentInfo> sealed = database().collections().segments(ME, "c");
    assertThat(sealed).noneMatch(s -> s.state() == SegmentInfo.State.GROWING);
    assertThat(rows(sealed)).isEqualTo(10);
    long second = c.insert(DatabaseUnderTest.rows(10, 15)).timestamp();
    assertThat(database().jobs().isFlushed(ME, "c", second)).isFalse();
    assertThat(database().jobs().isFlushed(ME, "c", first)).isTrue();
    assertThat(rows(database().collections().segments(ME, "c"))).isEqualTo(15);
    assertThat(c.count("")).isEqualTo(15);
  }

  @Test
  default void flushingNothingIsFine() {
    open(DatabaseUnderTest.plain("c"));
    FlushInfo flush = database().jobs().flush(ME, "c");
    assertThat(flush.segmentIds()).isEmpty();
    assertThat(database().jobs().isFlushed(ME, "c", flush.timestamp())).isTrue();
    assertThat(database().jobs().flush(ME, "c").timestamp())
        .isGreaterThanOrEqualTo(flush.timestamp());
  }

  @Test
  default void compactionChangesNoAnswer() throws InterruptedException {
    OpenCollection c = open(DatabaseUnderTest.plain("c"));
    for (int i = 0; i < 6; i++) {
      c.insert(DatabaseUnderTest.rows(i * 20, i * 20 + 20));
      database().jobs().flush(ME, "c");
    }
    c.delete("n % 3 == 0");
    c.upsert(DatabaseUnderTest.row(1, -1, 1, 1));
    var before = c.query("id >= 0", "*");
    var nearest = c.search(c.nearest(30, 50, 1));
    assertThat(before).hasSize(80);
    ends(database().jobs().compact(ME, "c"), c);
    assertThat(c.query("id >= 0", "*")).isEqualTo(before);
    assertThat(c.search(c.nearest(30, 50, 1))).isEqualTo(nearest);
    assertThat(database().collections().rowCount(ME, "c")).isEqualTo(80);
  }

  private void ends(long id, OpenCollection c) throws InterruptedException {
    CompactionInfo info = database().jobs().compaction(ME, id);
    for (int i = 0; i < 1_000 && info.state() != CompactionInfo.State.COMPLETED; i++) {
      assertThat(c.count("")).isEqualTo(80);
      Thread.sleep(10);
      info = database().jobs().compaction(ME, id);
    }
    assertThat(info.state()).isEqualTo(CompactionInfo.State.COMPLETED);
    assertThat(info.failedPlans()).isZero();
  }

  @Test
  default void clusteringChangesNoAnswer() throws InterruptedException {
    Field key = Field.named("n", DataType.INT64).nullable(true).clusteringKey(true).build();
    OpenCollection c = open(DatabaseUnderTest.schema("c", false, key));
    for (int i = 0; i < 6; i++) {
      c.insert(DatabaseUnderTest.rows(i * 20, i * 20 + 20));
      database().jobs().flush(ME, "c");
    }
    c.delete("n % 3 == 0");
    c.upsert(DatabaseUnderTest.row(1, -1, 1, 1));
    var before = c.query("id >= 0", "*");
    var some = c.query("n < 30 or n == 77", "*");
    ends(database().jobs().cluster(ME, "c"), c);
    assertThat(c.query("id >= 0", "*")).isEqualTo(before);
    assertThat(c.query("n < 30 or n == 77", "*")).isEqualTo(some).isNotEmpty();
    assertThat(c.count("n is null")).isZero();
    assertThat(database().collections().rowCount(ME, "c")).isEqualTo(80);
  }

  @Test
  default void clusteringNeedsAClusteringKey() {
    open(DatabaseUnderTest.plain("c"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> database().jobs().cluster(ME, "c"));
  }

  @Test
  default void aClusteringKeyHasATypeWithAnOrder() {
    for (DataType type : List.of(DataType.BOOL, DataType.JSON)) {
      Field key = Field.named("n", type).clusteringKey(true).build();
      refused(ErrorCode.INVALID_SCHEMA, () -> open(DatabaseUnderTest.schema("c", false, key)));
    }
  }
}
