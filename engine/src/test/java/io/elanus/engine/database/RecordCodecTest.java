package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.model.error.ElanusException;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Catalog records, of now and as they were written before schemas had functions. */
class RecordCodecTest {
  private static final Field KEY =
      Field.named("id", DataType.INT64).id(100).primaryKey(true).build();

  private static CollectionRecord record(List<SchemaFunction> functions) {
    return new CollectionRecord(
        7,
        1,
        new Schema("c", "about", List.of(KEY), true, 3, functions),
        Consistency.Level.BOUNDED,
        Map.of("a", "b"),
        1,
        0,
        11,
        12,
        List.of(new PartitionRecord(8, "_default", 11, true)),
        List.of());
  }

  @Test
  void functionsComeBack() {
    CollectionRecord record =
        record(
            List.of(
                new SchemaFunction(
                    100,
                    "f",
                    "",
                    SchemaFunction.Type.BM25,
                    List.of("t"),
                    List.of("s"),
                    Map.of("k", "v"))));
    assertThat(RecordCodec.collection(RecordCodec.encode(record))).isEqualTo(record);
  }

  @Test
  void recordsWithoutFunctionsAreRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeLong(7);
    out.writeLong(1);
    out.writeUTF("c");
    out.writeUTF("about");
    out.writeBoolean(true);
    out.writeInt(3);
    out.writeInt(1);
    writeKey(out);
    out.writeUTF("BOUNDED");
    out.writeInt(1);
    out.writeUTF("a");
    out.writeUTF("b");
    out.writeInt(1);
    out.writeInt(0);
    out.writeLong(11);
    out.writeLong(12);
    out.writeInt(1);
    out.writeLong(8);
    out.writeUTF("_default");
    out.writeLong(11);
    out.writeBoolean(true);
    out.writeInt(0);
    assertThat(RecordCodec.collection(bytes.toByteArray())).isEqualTo(record(List.of()));
  }

  private static void writeKey(DataOutputStream out) throws IOException {
    out.writeLong(100);
    out.writeUTF("id");
    out.writeUTF("");
    out.writeUTF("INT64");
    out.writeUTF("");
    out.writeBoolean(true);
    out.writeBoolean(false);
    out.writeBoolean(false);
    out.writeByte(0);
    out.writeBoolean(false);
    out.writeBoolean(false);
    out.writeInt(0);
    out.writeInt(0);
    out.writeInt(0);
    out.writeInt(0);
  }

  @Test
  void recordsOfAnUnknownVersionAreRefused() {
    byte[] bytes = RecordCodec.encode(record(List.of()));
    bytes[0] = 3;
    assertThatThrownBy(() -> RecordCodec.collection(bytes)).isInstanceOf(ElanusException.class);
  }
}
