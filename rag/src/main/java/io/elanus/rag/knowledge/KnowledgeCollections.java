package io.elanus.rag.knowledge;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.DeleteRequest;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.IndexSpec;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.embed.Model;
import io.elanus.rag.filter.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Collections of chunks, as ingest writes them; calls block. */
public final class KnowledgeCollections {
  private static final int DELETED_AT_ONCE = 1_000;

  private final Database database;

  public KnowledgeCollections(Database database) {
    this.database = database;
  }

  /** A chunk that lies there, with its vector. */
  public record StoredChunk(Chunk chunk, float[] vector) {}

  /**
   * The collection of that name or alias, searchable; made where there is none. What a crash left
   * half made is completed.
   *
   * @throws ElanusException INVALID_ARGUMENT where vectors of a model lie there that is not here,
   *     and where another collection has the say
   */
  public CollectionInfo open(Caller caller, String name, Embedders embedders) {
    CollectionInfo info;
    if (database.collections().exists(caller, name)) {
      info = database.collections().describe(caller, name);
    } else {
      Model model = embedders.usual().model();
      info = database.collections().create(caller, KnowledgeSchema.spec(name, model));
    }
    if (KnowledgeSchema.isAside(info)) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the collection %s belongs to a re-embedding, and follows the collection %s; write into that one"
              .formatted(name, ofShelf(caller, KnowledgeSchema.shelf(info)).name()));
    }
    Embedder unused = embedders.of(KnowledgeSchema.model(info), info.name());
    Set<String> indexed = indexed(caller, info.name());
    for (IndexSpec index : KnowledgeSchema.indexes()) {
      if (!indexed.contains(index.field())) {
        database.indexes().create(caller, info.name(), index);
      }
    }
    database.collections().load(caller, info.name(), List.of());
    return info;
  }

  private Set<String> indexed(Caller caller, String collection) {
    try {
      return database.indexes().describe(caller, collection, "").stream()
          .map(index -> index.spec().field())
          .collect(Collectors.toSet());
    } catch (ElanusException e) {
      if (e.code() == ErrorCode.INDEX_NOT_FOUND) {
        return Set.of();
      }
      throw e;
    }
  }

  /** COLLECTION_NOT_FOUND for a name of nothing, INVALID_ARGUMENT for one of something else. */
  public CollectionInfo describe(Caller caller, String name) {
    CollectionInfo info = database.collections().describe(caller, name);
    KnowledgeSchema.model(info);
    return info;
  }

  /** By its own number, whatever it is called now. */
  public CollectionInfo describe(Caller caller, long id) {
    return database.collections().describe(caller, id);
  }

  /**
   * The collection whose documents lie under that number, whatever it is called now and whichever
   * model its vectors are of.
   */
  public CollectionInfo ofShelf(Caller caller, long shelf) {
    try {
      CollectionInfo first = database.collections().describe(caller, shelf);
      if (KnowledgeSchema.shelf(first) == shelf && !KnowledgeSchema.isAside(first)) {
        return first;
      }
    } catch (ElanusException e) {
      if (e.code() != ErrorCode.COLLECTION_NOT_FOUND) {
        throw e;
      }
    }
    return database.collections().list(caller).stream()
        .filter(KnowledgeSchema::isOne)
        .filter(info -> KnowledgeSchema.shelf(info) == shelf && !KnowledgeSchema.isAside(info))
        .findFirst()
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.COLLECTION_NOT_FOUND,
                    "the collection of these documents was dropped"));
  }

  /** Those of these keys that are there, by key. */
  public Map<String, StoredChunk> stored(Caller caller, String collection, List<String> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    List<String> fields = new ArrayList<>(StoredChunks.FIELDS);
    fields.add(KnowledgeSchema.DENSE);
    RowBatch rows =
        query(
            caller,
            collection,
            new Filter(KnowledgeSchema.ID + " in {ids}", Map.of("ids", List.copyOf(ids))),
            fields,
            ids.size(),
            0);
    List<Chunk> chunks = StoredChunks.of(rows);
    Map<String, StoredChunk> found = new HashMap<>();
    for (int row = 0; row < chunks.size(); row++) {
      if (rows.require(KnowledgeSchema.DENSE).get(row) instanceof float[] vector) {
        found.put(chunks.get(row).id(), new StoredChunk(chunks.get(row), vector));
      }
    }
    return found;
  }

  /** The keys of a document's chunks. */
  public List<String> ids(Caller caller, String collection, String sourceId) {
    RowBatch rows =
        query(
            caller,
            collection,
            ofSource(sourceId),
            List.of(KnowledgeSchema.ID),
            QueryRequest.NO_LIMIT,
            0);
    List<String> ids = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      ids.add(String.valueOf(rows.require(KnowledgeSchema.ID).get(row)));
    }
    return ids;
  }

  /** The chunks of a document that also pass this filter. */
  public long count(Caller caller, String collection, String sourceId, Filter filter) {
    RowBatch rows =
        query(
            caller,
            collection,
            Expression.both(filter, ofSource(sourceId)),
            List.of(QueryRequest.COUNT),
            QueryRequest.NO_LIMIT,
            0);
    return rows.require(QueryRequest.COUNT).get(0) instanceof Long count ? count : 0;
  }

  /** The first chunk of each document that passes this filter, in the order of their keys. */
  public List<Chunk> documents(
      Caller caller, String collection, Filter filter, int offset, int limit) {
    Filter first =
        new Filter(KnowledgeSchema.CHUNK_INDEX + " == {first_chunk}", Map.of("first_chunk", 0L));
    return StoredChunks.of(
        query(
            caller,
            collection,
            Expression.both(filter, first),
            StoredChunks.FIELDS,
            limit,
            offset));
  }

  /** Vectors of the first rows in the order of their keys, which are hashes: a fair choice. */
  public List<float[]> sample(Caller caller, String collection, int limit) {
    RowBatch rows =
        query(
            caller,
            collection,
            Filter.ALL,
            List.of(KnowledgeSchema.ID, KnowledgeSchema.DENSE),
            limit,
            0);
    List<float[]> vectors = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      if (rows.require(KnowledgeSchema.DENSE).get(row) instanceof float[] vector) {
        vectors.add(vector);
      }
    }
    return vectors;
  }

  public void upsert(Caller caller, String collection, RowBatch rows) {
    database.rows().upsert(caller, new InsertRequest(collection, "", rows));
  }

  public void delete(Caller caller, String collection, List<String> ids) {
    for (int from = 0; from < ids.size(); from += DELETED_AT_ONCE) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + DELETED_AT_ONCE));
      database
          .rows()
          .delete(
              caller,
              new DeleteRequest(
                  collection,
                  "",
                  new Filter(KnowledgeSchema.ID + " in {ids}", Map.of("ids", List.copyOf(some))),
                  Consistency.STRONG));
    }
  }

  private static Filter ofSource(String sourceId) {
    return new Filter(
        KnowledgeSchema.SOURCE_ID + " == {document_source}", Map.of("document_source", sourceId));
  }

  private RowBatch query(
      Caller caller, String collection, Filter filter, List<String> fields, int limit, int offset) {
    return database
        .rows()
        .query(
            caller,
            new QueryRequest(
                collection, List.of(), filter, fields, limit, offset, Consistency.STRONG, false))
        .rows();
  }
}
