package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.QueryResp;
import io.milvus.v2.service.vector.response.SearchResp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official Java SDK, unmodified. */
class JavaSdkTest {
  @TempDir Path data;

  @Test
  void createsFillsSearchesAndDrops() throws Exception {
    try (ServerProcess server = ServerProcess.start(data)) {
      MilvusClientV2 client = new MilvusClientV2(ConnectConfig.builder().uri(server.uri()).build());
      try {
        run(client);
      } finally {
        client.close(5);
      }
    }
  }

  private static void run(MilvusClientV2 client) {
    CreateCollectionReq.CollectionSchema schema = client.createSchema();
    schema.addField(
        AddFieldReq.builder().fieldName("id").dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("title")
            .dataType(DataType.VarChar)
            .maxLength(100)
            .isNullable(true)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName("embedding")
            .dataType(DataType.FloatVector)
            .dimension(4)
            .build());
    client.createCollection(
        CreateCollectionReq.builder()
            .collectionName("books")
            .collectionSchema(schema)
            .indexParams(
                List.of(
                    IndexParam.builder()
                        .fieldName("embedding")
                        .indexType(IndexParam.IndexType.HNSW)
                        .metricType(IndexParam.MetricType.COSINE)
                        .extraParams(Map.of("M", 16, "efConstruction", 200))
                        .build()))
            .build());
    assertThat(client.hasCollection(has("books"))).isTrue();
    assertThat(client.hasCollection(has("nothing"))).isFalse();
    fillAndSearch(client);
    client.dropCollection(DropCollectionReq.builder().collectionName("books").build());
    assertThat(client.hasCollection(has("books"))).isFalse();
  }

  private static void fillAndSearch(MilvusClientV2 client) {
    Gson gson = new Gson();
    List<JsonObject> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      JsonObject row = new JsonObject();
      row.addProperty("id", i);
      if (i % 3 != 0) {
        row.addProperty("title", "title " + i);
      }
      row.add("embedding", gson.toJsonTree(new float[] {i, 1, 2, 100 - i}));
      rows.add(row);
    }
    assertThat(
            client
                .insert(InsertReq.builder().collectionName("books").data(rows).build())
                .getInsertCnt())
        .isEqualTo(100);

    SearchResp found =
        client.search(
            SearchReq.builder()
                .collectionName("books")
                .data(List.of(new FloatVec(new float[] {50, 1, 2, 50})))
                .topK(5)
                .filter("id >= 50 and title is not null")
                .outputFields(List.of("title"))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    assertThat(found.getSearchResults().getFirst()).hasSize(5);
    assertThat(found.getSearchResults().getFirst().getFirst().getId()).isEqualTo(50L);
    assertThat(found.getSearchResults().getFirst().getFirst().getEntity())
        .containsEntry("title", "title 50");

    client.upsert(UpsertReq.builder().collectionName("books").data(List.of(rows.get(50))).build());
    client.delete(DeleteReq.builder().collectionName("books").filter("id < 10").build());
    QueryResp count =
        client.query(
            QueryReq.builder()
                .collectionName("books")
                .filter("")
                .outputFields(List.of("count(*)"))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    assertThat(count.getQueryResults().getFirst().getEntity()).containsEntry("count(*)", 90L);

    assertThatThrownBy(
            () ->
                client.query(
                    QueryReq.builder().collectionName("books").filter("price > 3").build()))
        .hasMessageContaining("price");
  }

  private static HasCollectionReq has(String name) {
    return HasCollectionReq.builder().collectionName(name).build();
  }
}
