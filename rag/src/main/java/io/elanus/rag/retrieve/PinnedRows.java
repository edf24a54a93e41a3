package io.elanus.rag.retrieve;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchResult;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.rag.filter.Expression;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.StoredChunks;
import io.elanus.rag.retrieve.Fusion.Ranked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The rows of one question: those that its filters pass, as they were at one timestamp. The first
 * search takes the newest state, all later calls ask for the rows as they were then. (A row that is
 * deleted meanwhile may be gone when it is fetched; it is then left out.)
 *
 * <p>Every call carries the mandatory filter, also where keys are named: two rows may have one key.
 */
final class PinnedRows {
  private final Database database;
  private final Caller caller;
  private final String collection;
  private final Filter mandatory;
  private final Filter all;
  private Consistency consistency = Consistency.STRONG;

  /**
   * @param collection its real name
   * @param mandatory what the caller is bound to
   * @param own what the caller asked for
   */
  PinnedRows(Database database, Caller caller, String collection, Filter mandatory, Filter own) {
    this.database = database;
    this.caller = caller;
    this.collection = collection;
    this.mandatory = mandatory;
    this.all = Expression.both(mandatory, own);
  }

  private void pin(long timestamp) {
    if (timestamp > 0) {
      consistency = Consistency.customized(timestamp);
    }
  }

  /** Rows whose vectors are nearest, by cosine. */
  Ranked nearest(float[] vector, int limit, double recall) {
    SearchParams params =
        recall > 0
            ? new SearchParams(Map.of("recall", Double.toString(recall)))
            : SearchParams.NONE;
    return search(
        KnowledgeSchema.DENSE, new Column.FloatVectors(vector.length, vector), limit, params);
  }

  /** Rows whose texts have the question's telling words, by BM25. */
  Ranked matching(String text, int limit) {
    return search(
        KnowledgeSchema.SPARSE,
        new Column.Strings(new String[] {QuestionWords.telling(text)}),
        limit,
        SearchParams.NONE);
  }

  private Ranked search(String field, Column query, int limit, SearchParams params) {
    SearchResult result =
        database
            .rows()
            .search(
                caller,
                SearchRequest.of(collection, query, limit)
                    .vectorField(field)
                    .filter(all)
                    .params(params)
                    .consistency(consistency)
                    .build());
    pin(result.sessionTimestamp());
    List<String> ids = new ArrayList<>(result.ids().size());
    for (int i = 0; i < result.ids().size(); i++) {
      ids.add(String.valueOf(result.ids().get(i)));
    }
    return new Ranked(ids, result.scores());
  }

  /** The chunks of these keys, by key; a key without a row is absent. */
  Map<String, Chunk> chunks(List<String> ids) {
    return byId(ids, all, StoredChunks.FIELDS, StoredChunks::of);
  }

  /** The documents of these keys, by key. */
  Map<String, String> sources(List<String> ids) {
    return byId(
        ids,
        all,
        List.of(KnowledgeSchema.ID, KnowledgeSchema.SOURCE_ID),
        rows -> values(rows, KnowledgeSchema.SOURCE_ID, String.class));
  }

  /** The stored vectors of these keys, by key. */
  Map<String, float[]> vectors(List<String> ids) {
    return byId(
        ids,
        all,
        List.of(KnowledgeSchema.ID, KnowledgeSchema.DENSE),
        rows -> values(rows, KnowledgeSchema.DENSE, float[].class));
  }

  private static <T> List<T> values(RowBatch rows, String field, Class<T> type) {
    Column column = rows.require(field);
    List<T> values = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      values.add(type.cast(Objects.requireNonNull(column.get(row))));
    }
    return values;
  }

  private <T> Map<String, T> byId(
      List<String> ids, Filter scope, List<String> fields, Function<RowBatch, List<T>> read) {
    Map<String, T> found = new HashMap<>();
    if (ids.isEmpty()) {
      return found;
    }
    Filter named = new Filter("id in {wanted_ids}", Map.of("wanted_ids", ids));
    RowBatch rows = query(Expression.both(named, scope), fields);
    List<String> keys = values(rows, KnowledgeSchema.ID, String.class);
    List<T> values = read.apply(rows);
    for (int row = 0; row < keys.size(); row++) {
      found.put(keys.get(row), values.get(row));
    }
    return found;
  }

  /** Where a chunk stands. */
  record Position(String source, long index) {}

  /**
   * The keys of chunks of these documents at these places, all documents at all places. The
   * caller's own filter does not apply to what stands around a passage, the mandatory one does.
   */
  Map<Position, String> around(List<String> sources, List<Long> places) {
    Filter named =
        new Filter(
            "chunk_index in {wanted_places} and source_id in {wanted_sources}",
            Map.of("wanted_places", places, "wanted_sources", sources));
    RowBatch rows =
        query(
            Expression.both(named, mandatory),
            List.of(KnowledgeSchema.ID, KnowledgeSchema.SOURCE_ID, KnowledgeSchema.CHUNK_INDEX));
    List<String> ids = values(rows, KnowledgeSchema.ID, String.class);
    List<String> of = values(rows, KnowledgeSchema.SOURCE_ID, String.class);
    List<Long> at = values(rows, KnowledgeSchema.CHUNK_INDEX, Long.class);
    Map<Position, String> found = new HashMap<>();
    for (int row = 0; row < ids.size(); row++) {
      found.put(new Position(of.get(row), at.get(row)), ids.get(row));
    }
    return found;
  }

  /** Like {@link #chunks}, without the caller's own filter. */
  Map<String, Chunk> surroundings(List<String> ids) {
    return byId(ids, mandatory, StoredChunks.FIELDS, StoredChunks::of);
  }

  private RowBatch query(Filter filter, List<String> fields) {
    QueryResult result =
        database
            .rows()
            .query(
                caller,
                new QueryRequest(
                    collection,
                    List.of(),
                    filter,
                    fields,
                    QueryRequest.NO_LIMIT,
                    0,
                    consistency,
                    false));
    pin(result.sessionTimestamp());
    return result.rows();
  }
}
