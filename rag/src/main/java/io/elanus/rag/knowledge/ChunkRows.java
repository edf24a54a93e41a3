package io.elanus.rag.knowledge;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Writes chunks as rows. */
public final class ChunkRows {
  private ChunkRows() {}

  /**
   * @param vectors one per chunk, each of {@code dimension} numbers
   */
  public static RowBatch of(List<Chunk> chunks, List<float[]> vectors, int dimension) {
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put(KnowledgeSchema.ID, texts(chunks, Chunk::id));
    columns.put(KnowledgeSchema.SOURCE_ID, texts(chunks, Chunk::sourceId));
    columns.put(KnowledgeSchema.CHUNK_INDEX, numbers(chunks, Chunk::index));
    columns.put(KnowledgeSchema.TEXT, texts(chunks, Chunk::text));
    columns.put(KnowledgeSchema.TITLE, texts(chunks, Chunk::title));
    columns.put(KnowledgeSchema.HEADING, texts(chunks, Chunk::heading));
    columns.put(KnowledgeSchema.START, numbers(chunks, Chunk::start));
    columns.put(KnowledgeSchema.END, numbers(chunks, Chunk::end));
    columns.put(KnowledgeSchema.DOCUMENT_HASH, texts(chunks, Chunk::documentHash));
    columns.put(KnowledgeSchema.TAGS, tags(chunks));
    columns.put(KnowledgeSchema.TIMESTAMP, numbers(chunks, Chunk::timestampMillis));
    columns.put(KnowledgeSchema.METADATA, metadata(chunks));
    float[] all = new float[chunks.size() * dimension];
    for (int row = 0; row < chunks.size(); row++) {
      System.arraycopy(vectors.get(row), 0, all, row * dimension, dimension);
    }
    columns.put(KnowledgeSchema.DENSE, new Column.FloatVectors(dimension, all));
    return new RowBatch(chunks.size(), columns);
  }

  private static Column texts(List<Chunk> chunks, Function<Chunk, String> field) {
    return new Column.Strings(chunks.stream().map(field).toArray(String[]::new));
  }

  private static Column numbers(List<Chunk> chunks, ToLongFunction<Chunk> field) {
    return new Column.Longs(DataType.INT64, chunks.stream().mapToLong(field).toArray(), null);
  }

  private static Column tags(List<Chunk> chunks) {
    Column[] values = new Column[chunks.size()];
    for (int row = 0; row < values.length; row++) {
      values[row] = new Column.Strings(chunks.get(row).tags().toArray(new String[0]));
    }
    return new Column.Arrays(DataType.VARCHAR, values);
  }

  private static Column metadata(List<Chunk> chunks) {
    byte[][] values = new byte[chunks.size()][];
    for (int row = 0; row < values.length; row++) {
      values[row] = chunks.get(row).metadata().getBytes(StandardCharsets.UTF_8);
    }
    return new Column.Jsons(values);
  }
}
