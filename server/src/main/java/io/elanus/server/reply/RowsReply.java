package io.elanus.server.reply;

import io.elanus.model.query.MutationResult;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchResult;
import io.milvus.grpc.IDs;
import io.milvus.grpc.QueryResults;
import io.milvus.grpc.SearchIteratorV2Results;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;

/** Answers searches, queries and writes. */
public final class RowsReply {
  private RowsReply() {}

  public static SearchResults search(String collection, SearchResult result) {
    SearchResultData.Builder data =
        SearchResultData.newBuilder()
            .setNumQueries(result.hitCounts().length)
            .setTopK(result.limit())
            .setIds(FieldDataWriter.keys(result.ids()))
            .addAllFieldsData(FieldDataWriter.columns(result.fields()))
            .addAllOutputFields(result.outputFields())
            .setPrimaryFieldName(result.primaryField());
    for (int hits : result.hitCounts()) {
      data.addTopks(hits);
    }
    for (float score : result.scores()) {
      data.addScores(score);
    }
    SearchResult.NextPage page = result.page();
    if (page != null) {
      data.setSearchIteratorV2Results(
          SearchIteratorV2Results.newBuilder()
              .setToken(page.token())
              .setLastBound(page.lastBound()));
    }
    return SearchResults.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setResults(data)
        .setCollectionName(collection)
        .setSessionTs(result.sessionTimestamp())
        .build();
  }

  public static QueryResults query(String collection, QueryResult result) {
    return QueryResults.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .addAllFieldsData(FieldDataWriter.columns(result.rows()))
        .setCollectionName(collection)
        .addAllOutputFields(result.outputFields())
        .setSessionTs(result.sessionTimestamp())
        .setPrimaryFieldName(result.primaryField())
        .build();
  }

  /**
   * A delete by filter names no keys, only how many: clients give keys precedence over the count
   * that their users expect.
   */
  public static io.milvus.grpc.MutationResult delete(MutationResult result) {
    return counts(result).setIDs(IDs.getDefaultInstance()).build();
  }

  /** An insert or upsert, with the keys in the order of the rows. */
  public static io.milvus.grpc.MutationResult write(MutationResult result) {
    io.milvus.grpc.MutationResult.Builder answer =
        counts(result).setIDs(FieldDataWriter.keys(result.ids()));
    for (int row = 0; row < result.ids().size(); row++) {
      answer.addSuccIndex(row);
    }
    return answer.build();
  }

  private static io.milvus.grpc.MutationResult.Builder counts(MutationResult result) {
    return io.milvus.grpc.MutationResult.newBuilder()
        .setStatus(Statuses.SUCCESS)
        .setAcknowledged(true)
        .setInsertCnt(result.insertCount())
        .setDeleteCnt(result.deleteCount())
        .setUpsertCnt(result.upsertCount())
        .setTimestamp(result.timestamp());
  }
}
