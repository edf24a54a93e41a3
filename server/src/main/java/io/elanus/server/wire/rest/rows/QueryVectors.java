package io.elanus.server.wire.rest.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.json.Slice;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code data} of a search: an array of vectors or texts, to the protocol's placeholder group. */
public final class QueryVectors {
  /**
   * @param annsField the field searched, which the request may have left out
   * @param count number of queries
   */
  public record Queries(String annsField, int count, ByteString placeholderGroup) {}

  private QueryVectors() {}

  public static Queries read(CollectionSchema schema, String annsField, Slice data) {
    FieldSchema field = field(schema, annsField);
    PlaceholderValue.Builder queries =
        PlaceholderValue.newBuilder().setTag("$0").setType(placeholder(field));
    try (JsonParser parser = Json.parser(data)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw RestException.malformed(
            "data must be an array of vectors, but is " + Json.describe(parser));
      }
      boolean texts = field.getIsFunctionOutput();
      boolean sparse = field.getDataType() == DataType.SparseFloatVector;
      @Nullable VectorText text = sparse ? null : new VectorText(field);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        int query = queries.getValuesCount();
        if (texts) {
          queries.addValues(words(parser, query));
          continue;
        }
        if (text == null) {
          queries.addValues(sparse(parser, query));
          continue;
        }
        byte[] vector =
            text.read(parser, problem -> RestException.malformed("data[" + query + "]" + problem));
        queries.addValues(ByteString.copyFrom(vector));
      }
    } catch (JsonProcessingException e) {
      throw Json.malformed(e);
    } catch (IOException e) {
      throw Json.unreadable(e);
    }
    return new Queries(
        field.getName(),
        queries.getValuesCount(),
        PlaceholderGroup.newBuilder().addPlaceholders(queries).build().toByteString());
  }

  private static ByteString words(JsonParser parser, int query) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw RestException.malformed(
          "data[" + query + "] must be a text, but is " + Json.describe(parser));
    }
    return ByteString.copyFromUtf8(parser.getText());
  }

  private static ByteString sparse(JsonParser parser, int query) throws IOException {
    try {
      return SparseJson.read(parser);
    } catch (SparseJson.NotSparseException e) {
      throw RestException.malformed("data[" + query + "] must be " + SparseJson.EXPECTED);
    }
  }

  private static PlaceholderType placeholder(FieldSchema field) {
    if (field.getIsFunctionOutput()) {
      return PlaceholderType.VarChar;
    }
    return switch (field.getDataType()) {
      case FloatVector -> PlaceholderType.FloatVector;
      case Float16Vector -> PlaceholderType.Float16Vector;
      case BFloat16Vector -> PlaceholderType.BFloat16Vector;
      case Int8Vector -> PlaceholderType.Int8Vector;
      case BinaryVector -> PlaceholderType.BinaryVector;
      case SparseFloatVector -> PlaceholderType.SparseFloatVector;
      default ->
          throw new ElanusException(
              ErrorCode.UNSUPPORTED,
              "field \""
                  + field.getName()
                  + "\" has the type "
                  + field.getDataType()
                  + ", which REST cannot search yet");
    };
  }

  private static FieldSchema field(CollectionSchema schema, String annsField) {
    FieldSchema found = null;
    for (FieldSchema field : schema.getFieldsList()) {
      if (!isVector(field.getDataType())) {
        continue;
      }
      if (annsField.isEmpty() && found != null) {
        throw RestException.malformed(
            "search without annsField, but the collection has several vector fields: "
                + found.getName()
                + ", "
                + field.getName());
      }
      if (annsField.isEmpty() || annsField.equals(field.getName())) {
        found = field;
      }
    }
    if (found == null) {
      throw RestException.malformed("cannot find a vector field named: " + annsField);
    }
    return found;
  }

  private static boolean isVector(DataType type) {
    return type.getNumber() >= DataType.BinaryVector_VALUE
        && type.getNumber() <= DataType.ArrayOfVector_VALUE;
  }
}
