package io.elanus.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.query.MutationResult;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.milvus.grpc.SearchResults;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers have the shape that clients slice by row index. */
class RowsReplyTest {
  @Test
  void hitsAreFlatAndAligned() {
    BitSet nulls = new BitSet();
    nulls.set(1);
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("n", new Column.Longs(DataType.INT16, new long[] {5, 0, 7}, nulls));
    columns.put("$meta", new Column.Jsons(new byte[][] {{'{', '}'}, {'{', '}'}, {'{', '}'}}));
    SearchResults answer =
        RowsReply.search(
            "c",
            new SearchResult(
                10,
                new int[] {2, 0, 1},
                new Column.Strings(new String[] {"a", "b", "a"}),
                new float[] {1, 2, 3},
                new RowBatch(3, columns),
                List.of("n", "color"),
                "key",
                77,
                new SearchResult.NextPage("t", 3f)));
    var data = answer.getResults();
    assertThat(data.getNumQueries()).isEqualTo(3);
    assertThat(data.getTopK()).isEqualTo(10);
    assertThat(data.getTopksList()).containsExactly(2L, 0L, 1L);
    assertThat(data.getIds().getStrId().getDataList()).containsExactly("a", "b", "a");
    assertThat(data.getScoresList()).containsExactly(1f, 2f, 3f);
    assertThat(data.getPrimaryFieldName()).isEqualTo("key");
    assertThat(data.getOutputFieldsList()).containsExactly("n", "color");
    assertThat(answer.getSessionTs()).isEqualTo(77);
    assertThat(data.getSearchIteratorV2Results().getToken()).isEqualTo("t");
    assertThat(data.getSearchIteratorV2Results().getLastBound()).isEqualTo(3f);
    var n = data.getFieldsData(0);
    assertThat(n.getScalars().getIntData().getDataList()).as("full length").hasSize(3);
    assertThat(n.getValidDataList()).containsExactly(true, false, true);
    var meta = data.getFieldsData(1);
    assertThat(meta.getIsDynamic()).isTrue();
    assertThat(meta.getType()).isEqualTo(io.milvus.grpc.DataType.JSON);
    assertThat(meta.getValidDataCount()).isZero();
  }

  @Test
  void noHitsStillNameTheKindOfKey() {
    SearchResults answer =
        RowsReply.search(
            "c",
            new SearchResult(
                10,
                new int[] {0, 0},
                new Column.Longs(DataType.INT64, new long[0], null),
                new float[0],
                RowBatch.empty(),
                List.of(),
                "id",
                1,
                null));
    assertThat(answer.getResults().getTopksList()).containsExactly(0L, 0L);
    assertThat(answer.getResults().hasIds()).isTrue();
    assertThat(answer.getResults().getIds().hasIntId()).isTrue();
    assertThat(answer.getResults().hasSearchIteratorV2Results()).isFalse();
  }

  @Test
  void deleteAnswersCountsAndNoKeys() {
    MutationResult result =
        new MutationResult(new Column.Longs(DataType.INT64, new long[] {4, 5}, null), 0, 2, 0, 9);
    var deleted = RowsReply.delete(result);
    assertThat(deleted.getDeleteCnt()).isEqualTo(2);
    assertThat(deleted.getTimestamp()).isEqualTo(9);
    assertThat(deleted.hasIDs()).isTrue();
    assertThat(deleted.getIDs().getIntId().getDataCount()).isZero();
    var written = RowsReply.write(result);
    assertThat(written.getIDs().getIntId().getDataList()).containsExactly(4L, 5L);
    assertThat(written.getSuccIndexList()).containsExactly(0, 1);
  }
}
