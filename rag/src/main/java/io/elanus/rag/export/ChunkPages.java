package io.elanus.rag.export;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.query.QueryResult;
import io.elanus.model.rows.RowBatch;
import io.elanus.rag.filter.Expression;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.StoredChunks;
import io.elanus.rag.policy.MandatoryFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a collection that a caller may see and asked for, in the order of their keys, as
 * they were when the first page was read. What is deleted meanwhile may be left out.
 */
final class ChunkPages {
  static final int PAGE = 500;

  private final Database database;
  private final MandatoryFilters filters;
  private final Caller caller;
  private final Wanted wanted;
  private final CollectionInfo collection;
  private Consistency consistency = Consistency.STRONG;
  private String last = "";

  /**
   * What is asked for.
   *
   * @param collection name or alias
   * @param filter the caller's own; its parameters begin with {@code own_}
   * @param vectors whether vectors are wanted as well
   */
  record Wanted(String collection, Filter filter, boolean vectors) {}

  /**
   * A chunk.
   *
   * @param vector null where none is wanted
   */
  record Exported(Chunk chunk, float @Nullable [] vector) {}

  /**
   * @throws ElanusException COLLECTION_NOT_FOUND, or INVALID_ARGUMENT for one that is not of chunks
   */
  ChunkPages(Database database, MandatoryFilters filters, Caller caller, Wanted wanted) {
    this.database = database;
    this.filters = filters;
    this.caller = caller;
    this.wanted = wanted;
    this.collection = new KnowledgeCollections(database).describe(caller, wanted.collection());
  }

  /**
   * The next {@value #PAGE} chunks, fewer at the end, none after it.
   *
   * @throws ElanusException NOT_PERMITTED where the policy lets the caller see nothing, CANCELED
   *     where another collection has taken the place of this one
   */
  List<Exported> next() {
    List<String> fields = new ArrayList<>(StoredChunks.FIELDS);
    if (wanted.vectors()) {
      fields.add(KnowledgeSchema.DENSE);
    }
    // The policy of now: whoever is bound meanwhile is bound for the rest.
    Filter mandatory = filters.of(caller, collection.name()).filter();
    Filter after = new Filter(KnowledgeSchema.ID + " > {after_key}", Map.of("after_key", last));
    QueryResult result =
        database
            .rows()
            .query(
                caller,
                new QueryRequest(
                    collection.name(),
                    List.of(),
                    Expression.both(Expression.both(mandatory, wanted.filter()), after),
                    fields,
                    PAGE,
                    0,
                    consistency,
                    false));
    requireSame();
    if (result.sessionTimestamp() > 0) {
      consistency = Consistency.customized(result.sessionTimestamp());
    }
    List<Exported> page = exported(result.rows());
    if (!page.isEmpty()) {
      last = page.getLast().chunk().id();
    }
    return page;
  }

  /** Names may be given to another collection between two pages. */
  private void requireSame() {
    if (database.collections().describe(caller, collection.name()).id() != collection.id()) {
      throw new ElanusException(
          ErrorCode.CANCELED,
          "another collection has taken the place of %s meanwhile; export it again"
              .formatted(collection.name()));
    }
  }

  private List<Exported> exported(RowBatch rows) {
    List<Chunk> chunks = StoredChunks.of(rows);
    List<Exported> page = new ArrayList<>(chunks.size());
    for (int row = 0; row < chunks.size(); row++) {
      float @Nullable [] vector =
          wanted.vectors() && rows.require(KnowledgeSchema.DENSE).get(row) instanceof float[] found
              ? found
              : null;
      page.add(new Exported(chunks.get(row), vector));
    }
    return page;
  }
}
