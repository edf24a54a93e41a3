package io.elanus.server.wire.rest.entities;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.ExpressionParams;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.KeyValues;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.elanus.server.wire.rest.rows.PrimaryKeys;
import io.elanus.server.wire.rest.rows.RowReader;
import io.elanus.server.wire.rest.rows.RowWriter;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.UpsertRequest;
import java.io.IOException;
import java.util.List;

/** {@code /entities/}: insert, upsert, delete. */
final class WriteRoutes {
  private static final String COLLECTION = "collectionName";
  private static final String FILTER = "filter";

  private final MilvusCalls calls;

  WriteRoutes(MilvusCalls calls) {
    this.calls = calls;
  }

  List<Route> routes() {
    return List.of(
        new Route("/entities/insert", "Insert", this::insert),
        new Route("/entities/upsert", "Upsert", this::upsert),
        new Route("/entities/delete", "Delete", this::delete));
  }

  private Answer insert(RestRequest request) {
    Body body = request.body().require(COLLECTION, "data");
    DescribeCollectionResponse collection = EntityRoutes.collection(calls, request);
    RowReader.Keys keys =
        Boolean.parseBoolean(
                KeyValues.value(collection.getPropertiesList(), "allow_insert_auto_id"))
            ? RowReader.Keys.OPTIONAL
            : RowReader.Keys.MADE;
    var rows = new RowReader(collection.getSchema(), body.data(), keys, false).read();
    var message =
        InsertRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text("partitionName"))
            .addAllFieldsData(rows.fields())
            .setNumRows(rows.rowCount())
            .setSchemaTimestamp(collection.getUpdateTimestamp())
            .build();
    MutationResult result = calls.rows().insert(request.call(), message);
    return keys(request, result, "insertCount", result.getInsertCnt(), "insertIds");
  }

  private Answer upsert(RestRequest request) {
    Body body = request.body().require(COLLECTION, "data");
    DescribeCollectionResponse collection = EntityRoutes.collection(calls, request);
    boolean isPartial = body.flag("partialUpdate", false);
    var rows =
        new RowReader(collection.getSchema(), body.data(), RowReader.Keys.GIVEN, isPartial).read();
    var message =
        UpsertRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text("partitionName"))
            .addAllFieldsData(rows.fields())
            .setNumRows(rows.rowCount())
            .setPartialUpdate(isPartial)
            .setSchemaTimestamp(collection.getUpdateTimestamp())
            .build();
    MutationResult result = calls.rows().upsert(request.call(), message);
    return keys(request, result, "upsertCount", result.getUpsertCnt(), "upsertIds");
  }

  private static Answer keys(
      RestRequest request, MutationResult result, String countName, long count, String idsName) {
    RowWriter writer = new RowWriter(request.int64AsNumbers(), List.of());
    Answer answer =
        Answer.streamed(out -> writeKeys(out, writer, result, countName, count, idsName));
    answer.beside().put("cost", Costs.of(result.getStatus()));
    return answer.counting(count);
  }

  private static void writeKeys(
      JsonGenerator out,
      RowWriter writer,
      MutationResult result,
      String countName,
      long count,
      String idsName)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField(countName, count);
    out.writeFieldName(idsName);
    writer.writeKeys(out, result.getIDs());
    out.writeEndObject();
  }

  /** By {@code filter}, or as older clients do by {@code id}. */
  private Answer delete(RestRequest request) {
    Body body = request.body().require(COLLECTION);
    var message =
        DeleteRequest.newBuilder()
            .setDbName(request.database())
            .setCollectionName(body.text(COLLECTION))
            .setPartitionName(body.text("partitionName"));
    JsonNode id = body.member("id");
    if (!body.text(FILTER).isEmpty()) {
      message
          .setExpr(body.text(FILTER))
          .putAllExprTemplateValues(ExpressionParams.of(body.object("exprParams")));
    } else if (id != null) {
      var schema = EntityRoutes.collection(calls, request).getSchema();
      var filter = PrimaryKeys.filter(schema, id);
      message.setExpr(filter.expression()).putAllExprTemplateValues(filter.values());
    } else {
      throw RestException.missing(List.of(FILTER));
    }
    MutationResult result = calls.rows().delete(request.call(), message.build());
    Answer answer = Answer.of(Json.NODES.objectNode().put("deleteCount", result.getDeleteCnt()));
    answer.beside().put("cost", Costs.of(result.getStatus()));
    return answer;
  }
}
