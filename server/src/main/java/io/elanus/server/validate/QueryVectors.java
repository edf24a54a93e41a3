package io.elanus.server.validate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.Limits;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The vectors to search for: one placeholder with a row of little-endian floats per query. */
final class QueryVectors {
  private QueryVectors() {}

  /**
   * @param declared number of queries the request says it has, 0 where it does not say
   * @return shape [queries × dim]
   */
  static Column.FloatVectors read(ByteString group, long declared) {
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
    int bytes = placeholder.getValues(0).size();
    int dim = bytes / Float.BYTES;
    if (bytes % Float.BYTES != 0 || dim < 1 || dim > Limits.DIM_MAX) {
      throw Problems.argument(
          "a query vector of %d bytes is no float vector: 4 bytes for each of %d to %d dimensions",
          bytes, Limits.DIM_MIN, Limits.DIM_MAX);
    }
    float[] values = new float[count * dim];
    for (int row = 0; row < count; row++) {
      ByteString vector = placeholder.getValues(row);
      if (vector.size() != bytes) {
        throw Problems.argument(
            "query vector %d has %d bytes, the first one %d; all must have one dimension",
            row, vector.size(), bytes);
      }
      FloatBuffer floats =
          vector.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      floats.get(values, row * dim, dim);
    }
    return new Column.FloatVectors(dim, values);
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
    if (placeholder.getType() != PlaceholderType.FloatVector) {
      throw Problems.unsupported(
          "searching by %s is not offered yet; send float vectors", name(placeholder));
    }
    if (placeholder.getElementLevel()) {
      throw Problems.unsupported("searching the elements of arrays of vectors is not offered yet");
    }
    return placeholder;
  }

  private static String name(PlaceholderValue placeholder) {
    return switch (placeholder.getType()) {
      case VarChar -> "text (a VarChar placeholder)";
      case None -> "nothing (a placeholder without type)";
      case UNRECOGNIZED -> "placeholder type " + placeholder.getTypeValue();
      default -> placeholder.getType().name();
    };
  }
}
