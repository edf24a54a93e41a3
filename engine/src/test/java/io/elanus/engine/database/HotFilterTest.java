package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.write.WriteConfig;
import io.elanus.model.Caller;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A filter that is asked again and again, whose rows sealed segments remember. */
class HotFilterTest {
  private static final Caller ME = Caller.SYSTEM;
  private static final int ROWS = 5_000;

  @TempDir Path folder;
  private FolderDatabase database;

  @BeforeEach
  void open() {
    database = FolderDatabase.open(folder, WriteConfig.DEFAULT);
    Schema schema =
        new Schema(
            "c",
            "",
            List.of(
                Field.named("id", DataType.INT64).primaryKey(true).build(),
                Field.named("tenant", DataType.INT64).build(),
                Field.named("v", DataType.FLOAT_VECTOR).dim(2).build()),
            true,
            0);
    database
        .collections()
        .create(ME, new CollectionSpec(schema, Consistency.Level.STRONG, Map.of(), 0, 0));
    database
        .indexes()
        .create(ME, "c", new IndexSpec("v", "v", "FLAT", Metric.L2, Map.of(), Map.of()));
    database.collections().load(ME, "c", List.of());
    insert(0, ROWS);
    database.jobs().flush(ME, "c");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void insert(int from, int to) {
    long[] ids = IntStream.range(from, to).asLongStream().toArray();
    long[] tenants = IntStream.range(from, to).mapToLong(i -> i % 4).toArray();
    byte[][] more = new byte[ids.length][];
    for (int i = 0; i < more.length; i++) {
      more[i] = "{\"late\": %d}".formatted(ids[i] % 2).getBytes(StandardCharsets.UTF_8);
    }
    RowBatch rows =
        new RowBatch(
            ids.length,
            Map.of(
                "id",
                new Column.Longs(DataType.INT64, ids, null),
                "tenant",
                new Column.Longs(DataType.INT64, tenants, null),
                "v",
                new Column.FloatVectors(2, new float[2 * ids.length]),
                Schema.DYNAMIC_FIELD,
                new Column.Jsons(more)));
    database.rows().insert(ME, new InsertRequest("c", "", rows));
  }

  private long count(Filter filter) {
    QueryRequest request =
        new QueryRequest(
            "c",
            List.of(),
            filter,
            List.of(QueryRequest.COUNT),
            QueryRequest.NO_LIMIT,
            0,
            Consistency.STRONG,
            false);
    RowBatch rows = database.rows().query(ME, request).rows();
    return (Long) rows.column(QueryRequest.COUNT).orElseThrow().get(0);
  }

  private void delete(String expression) {
    database
        .rows()
        .delete(ME, new DeleteRequest("c", "", Filter.of(expression), Consistency.STRONG));
  }

  @Test
  void seesWhatCameAndWentSince() {
    Filter hot = new Filter("tenant == {t}", Map.of("t", 1L));
    Filter other = new Filter("tenant == {t}", Map.of("t", 2L));
    for (int i = 0; i < 4; i++) {
      assertThat(count(hot)).isEqualTo(ROWS / 4);
      assertThat(count(other)).isEqualTo(ROWS / 4);
    }
    delete("tenant == 1 and id < 1000");
    assertThat(count(hot)).isEqualTo(ROWS / 4 - 250);
    assertThat(count(other)).isEqualTo(ROWS / 4);
    insert(ROWS, ROWS + 400);
    assertThat(count(hot)).isEqualTo(ROWS / 4 - 250 + 100);
    delete("id >= 0");
    assertThat(count(hot)).isZero();
  }

  /** The same words mean another thing once a field takes the name of a dynamic key. */
  @Test
  void followsTheSchema() {
    Filter late = Filter.of("late == 1");
    for (int i = 0; i < 4; i++) {
      assertThat(count(late)).isEqualTo(ROWS / 2);
    }
    database
        .collections()
        .addField(ME, "c", Field.named("late", DataType.INT64).nullable(true).build());
    for (int i = 0; i < 4; i++) {
      assertThat(count(late)).isZero();
    }
  }
}
