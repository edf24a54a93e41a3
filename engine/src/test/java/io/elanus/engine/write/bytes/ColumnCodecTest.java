package io.elanus.engine.write.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Columns of vectors as the log keeps them: bytes that older logs hold must be read for ever. */
class ColumnCodecTest {
  private static void golden(Column column, String bytes) {
    ByteSink sink = new ByteSink();
    ColumnCodec.putColumn(sink, column);
    assertThat(HexFormat.of().formatHex(sink.toArray())).isEqualTo(bytes.replace(" ", ""));
    byte[] kept = HexFormat.of().parseHex(bytes.replace(" ", ""));
    Column back = ColumnCodec.takeColumn(new ByteSink.Source(MemorySegment.ofArray(kept)));
    assertThat(Columns.same(back, column)).isTrue();
  }

  @Test
  void bytesOfEachVectorTypeStay() {
    golden(
        new Column.FloatVectors(2, new float[] {1, -2}),
        "0a 01000000 00000000 02000000 0000803f 000000c0");
    byte[] four = {1, 2, 3, -1};
    golden(
        new Column.ByteVectors(DataType.FLOAT16_VECTOR, 2, four),
        "0b 01000000 00000000 02000000 04000000 010203ff");
    golden(
        new Column.ByteVectors(DataType.BFLOAT16_VECTOR, 2, four),
        "0c 01000000 00000000 02000000 04000000 010203ff");
    golden(
        new Column.ByteVectors(DataType.INT8_VECTOR, 2, four),
        "0d 02000000 00000000 02000000 04000000 010203ff");
    golden(
        new Column.ByteVectors(DataType.BINARY_VECTOR, 16, four),
        "0e 02000000 00000000 10000000 04000000 010203ff");
  }
}
