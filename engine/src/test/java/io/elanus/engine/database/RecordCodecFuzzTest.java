package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.engine.database.CollectionRecord.IndexRecord;
import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.damage.Edits;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Catalog records, damaged: a record, or DATA_CORRUPT. An input's first byte says which. */
class RecordCodecFuzzTest {
  private static final byte[] DATABASE =
      RecordCodec.encode(new DatabaseInfo(3, "db", Map.of("k", "v"), 9));
  private static final byte[] COLLECTION = RecordCodec.encode(collection());

  private static CollectionRecord collection() {
    Schema schema =
        new Schema(
            "c",
            "what it is",
            List.of(
                Field.named("id", DataType.INT64).id(100).primaryKey(true).build(),
                Field.named("s", DataType.VARCHAR)
                    .id(101)
                    .maxLength(9)
                    .nullable(true)
                    .defaultValue("d")
                    .build(),
                Field.named("v", DataType.FLOAT_VECTOR).id(102).dim(4).build()),
            true,
            2);
    IndexSpec index =
        new IndexSpec("v", "v", "HNSW", Metric.COSINE, Map.of("M", "8"), Map.of("mmap", "true"));
    return new CollectionRecord(
        7,
        3,
        schema,
        Consistency.Level.BOUNDED,
        Map.of("ttl", "5"),
        1,
        0,
        10,
        11,
        List.of(new PartitionRecord(1, "_default", 10, true)),
        List.of(new IndexRecord(8, index)));
  }

  @FuzzTest
  void record(byte[] input) {
    boolean database = input.length > 0 && (input[0] & 1) == 1;
    byte[] bad =
        Edits.apply(
            database ? DATABASE : COLLECTION,
            Arrays.copyOfRange(input, Math.min(1, input.length), input.length));
    try {
      if (database) {
        RecordCodec.database(bad);
      } else {
        RecordCodec.collection(bad);
      }
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
    }
  }
}
