package io.elanus.server.validate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Limits;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What to search for: one placeholder with a vector's bytes, little-endian, or a text per query.
 */
final class QueryVectors {
  private QueryVectors() {}

  /**
   * @param declared number of queries the request says it has, 0 where it does not say
   * @return shape [queries × dim], or as many texts
   */
  static Column read(ByteString group, long declared) {
    PlaceholderValue placeholder = placeholder(group);
    int count = placeholder.getValuesCount();
    if (count == 0 || count > Limits.RESULT_WINDOW_MAX) {
      throw Problems.argument(
          "nq (number of search vector per search request) should be in range [1, %d], but got %d",
          Limits.RESULT_WINDOW_MAX, count);
    }
    if (declared != 0 && declared != count) {
      throw Problems.argument(
          "the request says nq is %d, but it carries %d vectors", declared, count);
    }
    if (placeholder.getType() == PlaceholderType.VarChar) {
      return texts(placeholder);
    }
    DataType type = type(placeholder);
    if (type == DataType.SPARSE_FLOAT_VECTOR) {
      return sparse(placeholder);
    }
    int bytes = placeholder.getValues(0).size();
    int dim = dim(type, bytes);
    for (int row = 0; row < count; row++) {
      int size = placeholder.getValues(row).size();
      if (size != bytes) {
        throw Problems.argument(
            "query vector %d has %d bytes, the first one %d; all must have one dimension",
            row, size, bytes);
      }
    }
    // Only now is it sure that the message, whose size is bounded, holds so much.
    byte[] values = new byte[count * bytes];
    for (int row = 0; row < count; row++) {
      placeholder.getValues(row).copyTo(values, row * bytes);
    }
    if (type != DataType.FLOAT_VECTOR) {
      return new Column.ByteVectors(type, dim, values);
    }
    float[] floats = new float[count * dim];
    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return new Column.FloatVectors(dim, floats);
  }

  private static Column texts(PlaceholderValue placeholder) {
    String[] texts = new String[placeholder.getValuesCount()];
    for (int query = 0; query < texts.length; query++) {
      ByteString text = placeholder.getValues(query);
      if (!text.isValidUtf8()) {
        throw Problems.argument("query text %d is not valid UTF-8", query);
      }
      texts[query] = text.toStringUtf8();
    }
    return new Column.Strings(texts);
  }

  private static Column.Vectors sparse(PlaceholderValue placeholder) {
    List<SparseVector> queries = new ArrayList<>();
    for (ByteString pairs : placeholder.getValuesList()) {
      if (!SparseBytes.whole(pairs)) {
        throw Problems.argument(
            "query vector %d: invalid data length in sparse float vector: %d bytes are no pairs of 8",
            queries.size(), pairs.size());
      }
      queries.add(SparseBytes.read(pairs));
    }
    return Column.SparseVectors.of(queries);
  }

  private static int dim(DataType type, int bytes) {
    return switch (type) {
      case FLOAT_VECTOR -> dim(type, bytes, 4, Limits.DIM_MIN, Limits.DIM_MAX);
      case FLOAT16_VECTOR, BFLOAT16_VECTOR -> dim(type, bytes, 2, Limits.DIM_MIN, Limits.DIM_MAX);
      case INT8_VECTOR -> dim(type, bytes, 1, Limits.DIM_MIN, Limits.DIM_MAX);
      default -> 8 * dim(type, bytes, 1, Limits.BINARY_DIM_MIN / 8, Limits.BINARY_DIM_MAX / 8);
    };
  }

  private static int dim(DataType type, int bytes, int width, int min, int max) {
    if (bytes % width != 0 || bytes < width || bytes / width > max) {
      throw Problems.argument(
          "a query vector of %d bytes is no %s: it takes a multiple of %d from %d to %d bytes",
          bytes, type, width, width * min, width * max);
    }
    return bytes / width;
  }

  private static DataType type(PlaceholderValue placeholder) {
    return switch (placeholder.getType()) {
      case FloatVector -> DataType.FLOAT_VECTOR;
      case Float16Vector -> DataType.FLOAT16_VECTOR;
      case BFloat16Vector -> DataType.BFLOAT16_VECTOR;
      case Int8Vector -> DataType.INT8_VECTOR;
      case BinaryVector -> DataType.BINARY_VECTOR;
      case SparseFloatVector -> DataType.SPARSE_FLOAT_VECTOR;
      default ->
          throw Problems.unsupported(
              "searching by %s is not offered yet; send vectors of the field's type",
              name(placeholder));
    };
  }

  private static PlaceholderValue placeholder(ByteString bytes) {
    PlaceholderGroup group;
    try {
      group = PlaceholderGroup.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw Problems.argument("the placeholder group with the query vectors cannot be read");
    }
    if (group.getPlaceholdersCount() != 1) {
      throw Problems.argument(
          "a search takes one placeholder with query vectors, got %d",
          group.getPlaceholdersCount());
    }
    PlaceholderValue placeholder = group.getPlaceholders(0);
    if (placeholder.getElementLevel()) {
      throw Problems.unsupported("searching the elements of arrays of vectors is not offered yet");
    }
    return placeholder;
  }

  private static String name(PlaceholderValue placeholder) {
    return switch (placeholder.getType()) {
      case None -> "nothing (a placeholder without type)";
      case UNRECOGNIZED -> "placeholder type " + placeholder.getTypeValue();
      default -> placeholder.getType().name();
    };
  }
}
