package io.elanus.model.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the gate refuses of vectors that are not float32, in rows and in queries. */
class VectorGateTest {
  private static Field field(DataType type) {
    return Field.named("v", type).dim(8).build();
  }

  private static Column.ByteVectors vectors(DataType type, int... bytes) {
    byte[] values = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = (byte) bytes[i];
    }
    return new Column.ByteVectors(type, 8, values);
  }

  /** Two rows of 8 halves, the last of them these 16 bits. */
  private static Column.ByteVectors halves(DataType type, int last) {
    int[] bytes = new int[32];
    bytes[0] = 1;
    bytes[30] = last;
    bytes[31] = last >> 8;
    return vectors(type, bytes);
  }

  private static void refused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(words);
            });
  }

  @Test
  void refusesHalvesThatAreNotFinite() {
    int[] infinite16 = {0x7c00, 0xfc00, 0x7e00};
    int[] infiniteB16 = {0x7f80, 0xff80, 0x7fc0};
    for (int i = 0; i < 3; i++) {
      Column.ByteVectors bad = halves(DataType.FLOAT16_VECTOR, infinite16[i]);
      refused(
          ErrorCode.INVALID_ROWS,
          "row 1 of field v holds NaN or infinity",
          () -> VectorGate.checkRows(field(DataType.FLOAT16_VECTOR), bad));
      refused(
          ErrorCode.INVALID_ARGUMENT,
          "query vector 1",
          () -> VectorGate.checkQueries(field(DataType.FLOAT16_VECTOR), bad, Metric.L2));
      Column.ByteVectors badB = halves(DataType.BFLOAT16_VECTOR, infiniteB16[i]);
      refused(
          ErrorCode.INVALID_ROWS,
          "row 1 of field v holds NaN or infinity",
          () -> VectorGate.checkRows(field(DataType.BFLOAT16_VECTOR), badB));
    }
    // What is infinite as one type is a number as the other, or a pattern of bits.
    VectorGate.checkRows(field(DataType.BFLOAT16_VECTOR), halves(DataType.BFLOAT16_VECTOR, 0x7c00));
    VectorGate.checkRows(field(DataType.FLOAT16_VECTOR), halves(DataType.FLOAT16_VECTOR, 0x7bff));
  }

  @Test
  void refusesBytesThatEndWithinAVector() {
    for (DataType type : new DataType[] {DataType.FLOAT16_VECTOR, DataType.INT8_VECTOR}) {
      refused(
          ErrorCode.INVALID_ROWS,
          "no whole number of " + type,
          () -> VectorGate.checkRows(field(type), vectors(type, 1, 2, 3)));
    }
    Field longer = Field.named("v", DataType.BINARY_VECTOR).dim(16).build();
    refused(
        ErrorCode.INVALID_ROWS,
        "dim (8)",
        () -> VectorGate.checkRows(longer, vectors(DataType.BINARY_VECTOR, 1, 2)));
  }

  @Test
  void refusesZerosUnderCosineAlone() {
    Field field = field(DataType.INT8_VECTOR);
    Column.ByteVectors zeros = vectors(DataType.INT8_VECTOR, new int[8]);
    refused(ErrorCode.INVALID_ROWS, "zero vector", () -> VectorGate.checkDirections(field, zeros));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        "all zeros",
        () -> VectorGate.checkQueries(field, zeros, Metric.COSINE));
    VectorGate.checkQueries(field, zeros, Metric.IP);
    // Minus zero is zero.
    Column.ByteVectors minus = vectors(DataType.FLOAT16_VECTOR, new int[16]);
    minus.values()[1] = (byte) 0x80;
    refused(
        ErrorCode.INVALID_ROWS,
        "zero vector",
        () -> VectorGate.checkDirections(field(DataType.FLOAT16_VECTOR), minus));
    VectorGate.checkQueries(
        field(DataType.BINARY_VECTOR), vectors(DataType.BINARY_VECTOR, 0), Metric.HAMMING);
  }

  @Test
  void takesQueriesOfTheFieldsTypeAndFloatsForHalves() {
    Column.FloatVectors floats = new Column.FloatVectors(8, new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    VectorGate.checkQueries(field(DataType.FLOAT16_VECTOR), floats, Metric.COSINE);
    VectorGate.checkQueries(field(DataType.BFLOAT16_VECTOR), floats, Metric.COSINE);
    for (DataType type : new DataType[] {DataType.INT8_VECTOR, DataType.BINARY_VECTOR}) {
      refused(
          ErrorCode.INVALID_ARGUMENT,
          "vector type must be the same",
          () -> VectorGate.checkQueries(field(type), floats, Metric.L2));
    }
    refused(
        ErrorCode.INVALID_ARGUMENT,
        "vector type must be the same",
        () ->
            VectorGate.checkQueries(
                field(DataType.BFLOAT16_VECTOR), halves(DataType.FLOAT16_VECTOR, 1), Metric.L2));
  }

  @Test
  void narrowsToTheNearestHalfAndWidensExactly() {
    for (DataType type : new DataType[] {DataType.FLOAT16_VECTOR, DataType.BFLOAT16_VECTOR}) {
      for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
        float wide = Halves.widen(type, (short) bits);
        if (Float.isNaN(wide)) {
          assertThat(Halves.widen(type, Halves.narrow(type, wide))).isNaN();
        } else {
          assertThat(Halves.narrow(type, wide)).isEqualTo((short) bits);
        }
      }
    }
    // Halfway between 1 and the next bfloat16, and between that and the one after: to even.
    assertThat(Halves.narrow(DataType.BFLOAT16_VECTOR, 1.00390625f)).isEqualTo((short) 0x3f80);
    assertThat(Halves.narrow(DataType.BFLOAT16_VECTOR, 1.01171875f)).isEqualTo((short) 0x3f82);
    assertThat(Halves.narrow(DataType.BFLOAT16_VECTOR, Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    assertThat(Halves.encode(DataType.FLOAT16_VECTOR, new float[] {1, -2}))
        .containsExactly(0, 0x3c, 0, 0xc0);
  }
}
