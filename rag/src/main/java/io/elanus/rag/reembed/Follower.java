package io.elanus.rag.reembed;

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
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.knowledge.StoredChunks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one collection hold what another holds, with vectors of its own model: pages in the order
 * of the keys are compared, and what differs is written or deleted. A page that was done is found
 * equal the next time and costs no vectors, so whoever was killed goes on, and what was written
 * meanwhile is found in the next pass.
 *
 * <p>Rows are carried as they are, also fields that a user added; only the vectors are made anew,
 * and those of functions by the database. A read shows one row of a key, and one is carried.
 */
final class Follower {
  /** Rows of a page: texts are at most 64 KiB each. */
  static final int PAGE = 128;

  private static final int KEYS_PAGE = 1_000;
  private static final int EMBEDDED_AT_ONCE = 32;

  private final Database database;
  private final Embedders embedders;
  private final Manners manners;

  Follower(Database database, Embedders embedders, Manners manners) {
    this.database = database;
    this.embedders = embedders;
    this.manners = manners;
  }

  /**
   * What a page did.
   *
   * @param after the key up to which both are alike; empty at the end
   * @param rows of the page
   */
  record Step(String after, boolean last, int rows, int embedded, int written, int deleted) {
    boolean changed() {
      return written > 0 || deleted > 0;
    }
  }

  /**
   * One page.
   *
   * @param after the last key of the page before; empty at the begin
   */
  Step step(Caller caller, Sides sides, String after) {
    Page page = new Page(caller, sides);
    RowBatch rows = page.query(sides.truth(), above(after), page.fields, PAGE);
    boolean last = rows.size() < PAGE;
    List<String> keys = keys(rows);
    String to = last ? "" : keys.getLast();
    int deleted = page.deleteOthers(after, to, Set.copyOf(keys));
    page.write(rows);
    return new Step(to, last, rows.size(), page.embedded, page.written, deleted);
  }

  private static Filter above(String after) {
    return after.isEmpty()
        ? Filter.ALL
        : new Filter("id > {after_key}", Map.of("after_key", after));
  }

  private static Filter named(List<String> keys) {
    return new Filter("id in {page_keys}", Map.of("page_keys", keys));
  }

  private static List<String> keys(RowBatch rows) {
    List<String> keys = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      keys.add(String.valueOf(rows.require(KnowledgeSchema.ID).get(row)));
    }
    return keys;
  }

  /** All that is stored of a row, but what the model or a function makes. */
  private static List<String> carried(Schema schema) {
    return schema.fields().stream()
        .map(Field::name)
        .filter(name -> !name.equals(KnowledgeSchema.DENSE))
        .filter(name -> schema.functionOf(name).isEmpty())
        .toList();
  }

  private static boolean same(RowBatch a, int row, RowBatch b, int other, List<String> fields) {
    for (String field : fields) {
      Object left = a.require(field).get(row);
      Object right = b.require(field).get(other);
      boolean same =
          left instanceof Column x && right instanceof Column y
              ? Columns.same(x, y)
              : Objects.deepEquals(left, right);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** One page at work. */
  private final class Page {
    private final Caller caller;
    private final CollectionInfo copy;
    private final List<String> fields;
    private int embedded;
    private int written;

    Page(Caller caller, Sides sides) {
      this.caller = caller;
      this.copy = sides.copy();
      this.fields = carried(sides.truth().schema());
    }

    RowBatch query(CollectionInfo of, Filter filter, List<String> wanted, int limit) {
      return database
          .rows()
          .query(
              caller,
              new QueryRequest(
                  of.name(), List.of(), filter, wanted, limit, 0, Consistency.STRONG, false))
          .rows();
    }

    /** Deletes what the copy has between two keys and the truth has not. */
    int deleteOthers(String after, String to, Set<String> truth) {
      int deleted = 0;
      String from = after;
      while (true) {
        List<String> keys =
            keys(query(copy, between(from, to), List.of(KnowledgeSchema.ID), KEYS_PAGE));
        List<String> others = keys.stream().filter(key -> !truth.contains(key)).toList();
        delete(others);
        deleted += others.size();
        if (keys.size() < KEYS_PAGE) {
          return deleted;
        }
        from = keys.getLast();
      }
    }

    private static Filter between(String from, String to) {
      if (to.isEmpty()) {
        return above(from);
      }
      return from.isEmpty()
          ? new Filter("id <= {to_key}", Map.of("to_key", to))
          : new Filter(
              "id > {after_key} and id <= {to_key}", Map.of("after_key", from, "to_key", to));
    }

    private void delete(List<String> keys) {
      if (!keys.isEmpty()) {
        database
            .rows()
            .delete(caller, new DeleteRequest(copy.name(), "", named(keys), Consistency.STRONG));
      }
    }

    /** What is not there gets a vector; what differs beside its text keeps the one it has. */
    void write(RowBatch rows) {
      List<String> keys = keys(rows);
      RowBatch there = query(copy, named(keys), fields, QueryRequest.NO_LIMIT);
      Map<String, Integer> places = new HashMap<>();
      List<String> thereKeys = keys(there);
      for (int row = 0; row < there.size(); row++) {
        places.put(thereKeys.get(row), row);
      }
      List<Chunk> chunks = StoredChunks.of(rows);
      List<Chunk> thereChunks = StoredChunks.of(there);
      List<Integer> fresh = new ArrayList<>();
      List<Integer> moved = new ArrayList<>();
      for (int row = 0; row < rows.size(); row++) {
        @Nullable Integer place = places.get(keys.get(row));
        if (place == null
            || !chunks.get(row).embedded().equals(thereChunks.get(place).embedded())) {
          fresh.add(row);
        } else if (!same(rows, row, there, place, fields)) {
          moved.add(row);
        }
      }
      if (!moved.isEmpty()) {
        RowBatch some = select(rows, moved);
        upsert(some, stored(some));
      }
      if (!fresh.isEmpty()) {
        RowBatch some = select(rows, fresh);
        upsert(some, made(some));
      }
    }

    private static RowBatch select(RowBatch rows, List<Integer> places) {
      return rows.select(places.stream().mapToInt(place -> place).toArray());
    }

    private void upsert(RowBatch rows, List<float[]> vectors) {
      database.rows().upsert(caller, new InsertRequest(copy.name(), "", with(rows, vectors)));
      written += rows.size();
    }

    private RowBatch with(RowBatch rows, List<float[]> vectors) {
      int dimension = KnowledgeSchema.model(copy).dimension();
      float[] all = new float[rows.size() * dimension];
      for (int row = 0; row < rows.size(); row++) {
        System.arraycopy(vectors.get(row), 0, all, row * dimension, dimension);
      }
      RowBatch carried = new RowBatch(rows.size(), only(rows));
      return carried.with(KnowledgeSchema.DENSE, new Column.FloatVectors(dimension, all));
    }

    private Map<String, Column> only(RowBatch rows) {
      Map<String, Column> columns = new LinkedHashMap<>();
      fields.forEach(name -> columns.put(name, rows.require(name)));
      return columns;
    }

    /** The copy's own vectors: what they were made of did not change. */
    private List<float[]> stored(RowBatch rows) {
      List<String> keys = keys(rows);
      RowBatch there =
          query(
              copy,
              named(keys),
              List.of(KnowledgeSchema.ID, KnowledgeSchema.DENSE),
              QueryRequest.NO_LIMIT);
      Map<String, float[]> byKey = new HashMap<>();
      List<String> thereKeys = keys(there);
      for (int row = 0; row < there.size(); row++) {
        if (there.require(KnowledgeSchema.DENSE).get(row) instanceof float[] vector) {
          byKey.put(thereKeys.get(row), vector);
        }
      }
      return keys.stream().map(key -> Objects.requireNonNull(byKey.get(key))).toList();
    }

    private List<float[]> made(RowBatch rows) {
      Embedder embedder = embedders.of(KnowledgeSchema.model(copy), copy.name());
      List<Chunk> chunks = StoredChunks.of(rows);
      for (Chunk chunk : chunks) {
        if (chunk.embedded().isBlank()) {
          throw new ElanusException(
              ErrorCode.INVALID_ARGUMENT,
              "the row %s has no text, and nothing can be embedded for it; delete it or write its text"
                  .formatted(chunk.id()));
        }
      }
      List<String> texts = chunks.stream().map(Chunk::embedded).toList();
      List<float[]> vectors = new ArrayList<>(texts.size());
      for (int from = 0; from < texts.size(); from += EMBEDDED_AT_ONCE) {
        List<String> some = texts.subList(from, Math.min(texts.size(), from + EMBEDDED_AT_ONCE));
        manners.beforeTexts(some.size());
        vectors.addAll(embedder.embed(some, Embedder.Purpose.DOCUMENT));
        embedded += some.size();
      }
      return vectors;
    }
  }
}
