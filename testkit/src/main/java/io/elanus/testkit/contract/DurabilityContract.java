package io.elanus.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.info.PartitionInfo;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.rows.WritesContract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What was written is there again after the database was closed and opened. */
public interface DurabilityContract extends DatabaseUnderTest {
  @Test
  default void rowsSurviveWhateverStateTheyAreIn() {
    OpenCollection before = filled("c", 30);
    database().jobs().flush(ME, "c");
    before.insert(DatabaseUnderTest.rows(30, 50));
    before.delete("id in [3, 33]");
    before.upsert(DatabaseUnderTest.row(4, 400, 4, 4), DatabaseUnderTest.row(60, 60, 60, 1));
    var rows = before.query("id >= 0", "*");
    var nearest = before.search(before.nearest(10, 31, 1).outputFields(List.of("n")));
    assertThat(rows).hasSize(49);
    for (int times = 0; times < 3; times++) {
      reopen();
      OpenCollection after = before.on(database());
      assertThat(after.query("id >= 0", "*")).isEqualTo(rows);
      assertThat(after.search(after.nearest(10, 31, 1).outputFields(List.of("n"))))
          .isEqualTo(nearest);
      assertThat(after.count("")).isEqualTo(49);
      assertThat(database().collections().rowCount(ME, "c")).isEqualTo(49);
    }
    OpenCollection after = before.on(database());
    after.insert(DatabaseUnderTest.row(3, 3, 3, 1));
    after.delete("n == 400");
    reopen();
    assertThat(before.on(database()).count("")).isEqualTo(49);
    assertThat(before.on(database()).keys("id in [3, 4]")).containsExactly(3L);
  }

  @Test
  default void everyTypeSurvives() {
    OpenCollection before = open(WritesContract.everyType("c"));
    before.insert(WritesContract.fullRow("full"), Map.of("key", "empty", "v", List.of(0, 0, 0)));
    var rows = before.query("key != \"\"", "*");
    reopen();
    assertThat(before.on(database()).query("key != \"\"", "*")).isEqualTo(rows);
    database().jobs().flush(ME, "c");
    reopen();
    assertThat(before.on(database()).query("key != \"\"", "*")).isEqualTo(rows);
  }

  @Test
  default void namesAndSettingsSurvive() {
    OpenCollection c = filled("c", 3);
    database().databases().create(ME, "other", Map.of("a", "1"));
    database().aliases().create(ME, "nick", "c");
    database().partitions().create(ME, "c", "p");
    c.insertInto("p", DatabaseUnderTest.rows(10, 12));
    database().collections().alter(ME, "c", Map.of("b", "2"), Set.of());
    database()
        .collections()
        .addField(ME, "c", Field.named("x", DataType.INT32).nullable(true).build());
    database()
        .indexes()
        .create(ME, "c", new IndexSpec("n", "", "STL_SORT", null, Map.of(), Map.of()));
    filled("released", 2);
    database().collections().release(ME, "released", List.of());
    CollectionInfo info = database().collections().describe(ME, "c");
    List<PartitionInfo> partitions = database().partitions().list(ME, "c");
    List<IndexInfo> indexes = database().indexes().describe(ME, "c", "");
    var databases = database().databases().list(ME);
    reopen();
    assertThat(database().collections().describe(ME, "c")).isEqualTo(info);
    assertThat(database().partitions().list(ME, "c")).isEqualTo(partitions);
    assertThat(database().indexes().describe(ME, "c", ""))
        .extracting(IndexInfo::spec)
        .containsExactlyInAnyOrderElementsOf(indexes.stream().map(IndexInfo::spec).toList());
    assertThat(database().databases().list(ME)).isEqualTo(databases);
    assertThat(database().aliases().describe(ME, "nick")).isEqualTo("c");
    assertThat(database().collections().loadState(ME, "released", List.of()).state())
        .isEqualTo(LoadInfo.State.NOT_LOADED);
    assertThat(database().collections().loadState(ME, "c", List.of()).state())
        .isEqualTo(LoadInfo.State.LOADED);
    assertThat(c.on(database()).keys("x is null")).hasSize(5);
  }

  @Test
  default void whatIsGoneStaysGone() {
    OpenCollection c = filled("c", 5);
    filled("d", 5);
    database().collections().drop(ME, "d");
    database().aliases().create(ME, "nick", "c");
    database().aliases().drop(ME, "nick");
    database().databases().create(ME, "other", Map.of());
    database().databases().drop(ME, "other");
    database().collections().truncate(ME, "c");
    c.insert(DatabaseUnderTest.row(9, 9, 9, 9));
    reopen();
    assertThat(database().collections().list(ME))
        .extracting(CollectionInfo::name)
        .containsExactly("c");
    assertThat(database().databases().list(ME)).hasSize(1);
    assertThat(database().aliases().list(ME, "")).isEmpty();
    assertThat(c.on(database()).keys("id >= 0")).containsExactly(9L);
  }

  @Test
  default void timestampsIdsAndMadeKeysGoOn() {
    Field key = Field.named("id", DataType.INT64).primaryKey(true).autoId(true).build();
    Field vector = Field.named("v", DataType.FLOAT_VECTOR).dim(2).build();
    OpenCollection c =
        open(new io.elanus.model.schema.Schema("c", "", List.of(key, vector), false, 0), Metric.L2);
    c.insert(Map.of("v", List.of(1, 1)), Map.of("v", List.of(2, 2)));
    long before = database().allocateTimestamp();
    long id = database().collections().describe(ME, "c").id();
    reopen();
    assertThat(database().allocateTimestamp()).isGreaterThan(before);
    assertThat(filled("d", 1).count("")).isEqualTo(1);
    assertThat(database().collections().describe(ME, "d").id()).isGreaterThan(id);
    OpenCollection after = c.on(database());
    after.insert(Map.of("v", List.of(3, 3)), Map.of("v", List.of(4, 4)));
    assertThat(after.keys("id > 0")).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  default void closingTwiceIsFine() {
    filled("c", 3);
    database().close();
    database().close();
    reopen();
    assertThat(new OpenCollection(database(), ME, DatabaseUnderTest.plain("c")).count(""))
        .isEqualTo(3);
  }
}
