package io.elanus.server.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.server.fixture.Requests;
import io.elanus.server.reply.FieldDataWriter;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.VectorField;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pairs of uint32 and float32, little-endian: what clients send byte by byte. */
class SparseVectorsTest {
  /** {1: 0.5, 4294967294: 2}. */
  private static final ByteString PAIRS =
      ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0, 0, 0x3F, -2, -1, -1, -1, 0, 0, 0, 0x40});

  private static final SparseVector VECTOR =
      new SparseVector(new int[] {1, -2}, new float[] {0.5f, 2});

  @Test
  void rowsAreReadAndWrittenByteByByte() {
    FieldData sent = field(PAIRS, ByteString.EMPTY);
    Column read = RowsReader.read(List.of(sent), 2).require("s");
    assertThat(read.get(0)).isEqualTo(VECTOR);
    assertThat(read.get(1)).isEqualTo(SparseVector.EMPTY);
    FieldData written = FieldDataWriter.column("s", read);
    assertThat(written.getType()).isEqualTo(DataType.SparseFloatVector);
    assertThat(written.getVectors().getSparseFloatVector().getContentsList())
        .containsExactly(PAIRS, ByteString.EMPTY);
    assertThat(written.getVectors().getDim()).isEqualTo(0xFFFF_FFFFL);
    assertThat(written.getVectors().getSparseFloatVector().getDim()).isEqualTo(0xFFFF_FFFFL);
  }

  @Test
  void bytesThatAreNoPairsAreRefused() {
    for (int length : new int[] {1, 4, 7, 15}) {
      assertThatThrownBy(() -> RowsReader.read(List.of(field(PAIRS.substring(0, length))), 1))
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ROWS))
          .hasMessageContaining("invalid data length in sparse float vector: " + length);
      assertThatThrownBy(() -> QueryVectors.read(group(PAIRS, PAIRS.substring(0, length)), 2))
          .isInstanceOf(ElanusException.class)
          .hasMessageContaining("query vector 1: invalid data length");
    }
    assertThatThrownBy(() -> RowsReader.read(List.of(field(PAIRS)), 2))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("num_rows (1) of field s");
  }

  @Test
  void queriesMayHaveAnyNumberOfEntries() {
    Column.Vectors queries = (Column.Vectors) QueryVectors.read(group(PAIRS, ByteString.EMPTY), 0);
    assertThat(queries.size()).isEqualTo(2);
    assertThat(queries.get(0)).isEqualTo(VECTOR);
    assertThat(queries.get(1)).isEqualTo(SparseVector.EMPTY);
  }

  private static FieldData field(ByteString... rows) {
    return FieldData.newBuilder()
        .setFieldName("s")
        .setType(DataType.SparseFloatVector)
        .setVectors(
            VectorField.newBuilder()
                .setSparseFloatVector(SparseFloatArray.newBuilder().addAllContents(List.of(rows))))
        .build();
  }

  private static ByteString group(ByteString... queries) {
    return Requests.group(
        PlaceholderValue.newBuilder()
            .setTag("$0")
            .setType(PlaceholderType.SparseFloatVector)
            .addAllValues(List.of(queries))
            .build());
  }
}
