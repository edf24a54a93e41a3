package io.elanus.server.wire.rest.rows;

import static io.elanus.server.wire.rest.json.BodyTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.elanus.model.rows.SparseVector;
import io.elanus.server.validate.SparseBytes;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse vectors in JSON, in both forms, as rows and as queries. */
class SparseJsonTest {
  private static final CollectionSchema SCHEMA =
      RowReaderTest.schema(
          false, RowReaderTest.key(), RowReaderTest.field("s", DataType.SparseFloatVector).build());

  @Test
  void bothFormsAreReadInAnyOrderAndTheFirstIsWritten() throws Exception {
    String rows =
        """
        [{"id": 1, "s": {"4294967294": 2, "1": 0.5}},
         {"id": 2, "s": {"values": [3, 0.25], "indices": [7, 2]}},
         {"id": 3, "s": {}},
         {"id": 4, "s": {"indices": [], "values": []}}]
        """;
    var fields = RowReaderTest.read(SCHEMA, rows).fields();
    List<ByteString> read = fields.get(1).getVectors().getSparseFloatVector().getContentsList();
    SparseVector first = new SparseVector(new int[] {1, -2}, new float[] {0.5f, 2});
    SparseVector second = new SparseVector(new int[] {2, 7}, new float[] {0.25f, 3});
    assertThat(read)
        .extracting(SparseBytes::read)
        .containsExactly(first, second, SparseVector.EMPTY, SparseVector.EMPTY);
    byte[] written = Json.write(out -> new RowWriter(true, List.of("*")).write(out, fields));
    assertThat(new String(written, StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"id\":1,\"s\":{\"1\":0.5,\"4294967294\":2.0}},"
                + "{\"id\":2,\"s\":{\"2\":0.25,\"7\":3.0}},{\"id\":3,\"s\":{}},{\"id\":4,\"s\":{}}]");
    var queries =
        QueryVectors.read(
            SCHEMA, "s", RowReaderTest.slice("[{\"1\":0.5},{\"indices\":[1],\"values\":[0.5]}]"));
    var placeholder = PlaceholderGroup.parseFrom(queries.placeholderGroup()).getPlaceholders(0);
    assertThat(placeholder.getType()).isEqualTo(PlaceholderType.SparseFloatVector);
    assertThat(placeholder.getValues(0)).isEqualTo(placeholder.getValues(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1, 2]",
        "\"1\"",
        "{\"a\": 1}",
        "{\"-1\": 1}",
        "{\"1.5\": 1}",
        "{\"4294967295\": 1}",
        "{\"99999999999\": 1}",
        "{\"1\": \"x\"}",
        "{\"1\": 1e39}",
        "{\"1\": null}",
        "{\"1\": 1, \"01\": 2}",
        "{\"indices\": [1]}",
        "{\"indices\": [1], \"values\": []}",
        "{\"indices\": [1, 1], \"values\": [1, 2]}",
        "{\"indices\": [1.0], \"values\": [1]}",
        "{\"indices\": [[1]], \"values\": [1]}",
        "{\"indices\": [1], \"values\": [1], \"2\": 3}"
      })
  void whatIsNoSparseVectorIsRefused(String text) {
    assertCode(
        () -> RowReaderTest.read(SCHEMA, "[{\"id\": 1, \"s\": " + text + "}]"),
        RestException.Code.INSERT_DATA,
        "row 0, field \"s\" must be an object");
    assertCode(
        () -> QueryVectors.read(SCHEMA, "s", RowReaderTest.slice("[" + text + "]")),
        RestException.Code.MALFORMED,
        "data[0] must be an object");
  }
}
