package io.elanus.rag.knowledge;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import io.elanus.rag.embed.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A collection of chunks: an ordinary one, which every client of the database may search, with the
 * model that made its vectors among its properties.
 */
public final class KnowledgeSchema {
  public static final String ID = "id";
  public static final String SOURCE_ID = "source_id";
  public static final String CHUNK_INDEX = "chunk_index";
  public static final String TEXT = "text";
  public static final String TITLE = "title";
  public static final String HEADING = "heading";
  public static final String START = "start_offset";
  public static final String END = "end_offset";
  public static final String DOCUMENT_HASH = "document_hash";
  public static final String TAGS = "tags";
  public static final String TIMESTAMP = "timestamp";
  public static final String METADATA = "metadata";
  public static final String DENSE = "dense";
  public static final String SPARSE = "sparse";

  /** Bytes of UTF-8. */
  public static final int TEXT_BYTES_MAX = 65_535;

  public static final int SOURCE_ID_BYTES_MAX = 1024;
  public static final int TITLE_BYTES_MAX = 2048;
  public static final int TAG_BYTES_MAX = 256;
  public static final int TAGS_MAX = 64;
  private static final int ID_BYTES_MAX = 64;

  private static final String MODEL = "rag.model";
  private static final String MODEL_VERSION = "rag.model.version";
  private static final String MODEL_TOKENS = "rag.model.tokens";
  private static final String SHELF = "rag.shelf";
  private static final String ASIDE = "rag.aside";

  private KnowledgeSchema() {}

  /** What to create for vectors of that model. */
  public static CollectionSpec spec(String name, Model model) {
    Field text =
        Field.named(TEXT, DataType.VARCHAR)
            .maxLength(TEXT_BYTES_MAX)
            .typeParams(
                Map.of(
                    "enable_analyzer",
                    "true",
                    "enable_match",
                    "true",
                    "analyzer_params",
                    "{\"type\":\"english\"}"))
            .build();
    List<Field> fields =
        List.of(
            Field.named(ID, DataType.VARCHAR).primaryKey(true).maxLength(ID_BYTES_MAX).build(),
            Field.named(SOURCE_ID, DataType.VARCHAR).maxLength(SOURCE_ID_BYTES_MAX).build(),
            Field.named(CHUNK_INDEX, DataType.INT64).build(),
            text,
            Field.named(TITLE, DataType.VARCHAR).maxLength(TITLE_BYTES_MAX).build(),
            Field.named(HEADING, DataType.VARCHAR).maxLength(TITLE_BYTES_MAX).build(),
            Field.named(START, DataType.INT64).build(),
            Field.named(END, DataType.INT64).build(),
            Field.named(DOCUMENT_HASH, DataType.VARCHAR).maxLength(ID_BYTES_MAX).build(),
            Field.named(TAGS, DataType.ARRAY)
                .elementType(DataType.VARCHAR)
                .maxLength(TAG_BYTES_MAX)
                .maxCapacity(TAGS_MAX)
                .build(),
            Field.named(TIMESTAMP, DataType.INT64).build(),
            Field.named(METADATA, DataType.JSON).build(),
            Field.named(DENSE, DataType.FLOAT_VECTOR).dim(model.dimension()).build(),
            Field.named(SPARSE, DataType.SPARSE_FLOAT_VECTOR).build());
    SchemaFunction bm25 =
        new SchemaFunction(
            0, "text_bm25", "", SchemaFunction.Type.BM25, List.of(TEXT), List.of(SPARSE), Map.of());
    return new CollectionSpec(
        new Schema(name, "chunks of documents", fields, false, 0, List.of(bm25)),
        Consistency.Level.BOUNDED,
        Map.of(
            MODEL,
            model.name(),
            MODEL_VERSION,
            model.version(),
            MODEL_TOKENS,
            Integer.toString(model.tokensMax())),
        0,
        0);
  }

  /** To be created before the collection is loaded. */
  public static List<IndexSpec> indexes() {
    return List.of(
        new IndexSpec(DENSE, DENSE, "AUTOINDEX", Metric.COSINE, Map.of(), Map.of()),
        new IndexSpec(SPARSE, SPARSE, "SPARSE_INVERTED_INDEX", Metric.BM25, Map.of(), Map.of()),
        new IndexSpec(SOURCE_ID, SOURCE_ID, "INVERTED", null, Map.of(), Map.of()));
  }

  /** Whether it was made by ingesting documents. */
  public static boolean isOne(CollectionInfo collection) {
    return collection.properties().containsKey(MODEL)
        && collection.schema().field(DENSE).isPresent();
  }

  /** The model whose vectors lie there; INVALID_ARGUMENT for a collection of another kind. */
  public static Model model(CollectionInfo collection) {
    Map<String, String> properties = collection.properties();
    String name = properties.get(MODEL);
    Field dense = collection.schema().field(DENSE).orElse(null);
    if (name == null || dense == null) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the collection %s was not made by ingesting documents; name one that was"
              .formatted(collection.name()));
    }
    return new Model(
        name,
        properties.getOrDefault(MODEL_VERSION, ""),
        dense.dim(),
        Integer.parseInt(properties.getOrDefault(MODEL_TOKENS, "0")));
  }

  /**
   * The number under which the collection's documents lie: its own, or that of the collection whose
   * chunks it took over with other vectors.
   */
  public static long shelf(CollectionInfo collection) {
    return Long.parseLong(
        collection.properties().getOrDefault(SHELF, Long.toString(collection.id())));
  }

  /**
   * Whether another collection has the name and the say: this one is being filled with vectors of
   * another model, or was left behind for some time.
   */
  public static boolean isAside(CollectionInfo collection) {
    return collection.name().equals(collection.properties().get(ASIDE));
  }

  /**
   * Properties of two collections that may exchange their names: the one that has this name is the
   * one aside.
   */
  public static Map<String, String> aside(String name) {
    return Map.of(ASIDE, name);
  }

  /** The keys of {@link #aside}. */
  public static Set<String> asideKeys() {
    return Set.of(ASIDE);
  }

  /**
   * What to create for the same chunks with vectors of another model: all fields, functions and
   * properties are those of the collection.
   *
   * @param name that it has while it is aside
   */
  public static CollectionSpec copy(CollectionInfo of, String name, Model model) {
    List<Field> fields = new ArrayList<>();
    for (Field field : of.schema().fields()) {
      fields.add(
          field.name().equals(DENSE) ? field.toBuilder().dim(model.dimension()).build() : field);
    }
    Map<String, String> properties = new HashMap<>(of.properties());
    properties.put(MODEL, model.name());
    properties.put(MODEL_VERSION, model.version());
    properties.put(MODEL_TOKENS, Integer.toString(model.tokensMax()));
    properties.put(SHELF, Long.toString(shelf(of)));
    properties.put(ASIDE, name);
    Schema schema = of.schema().withFields(fields, of.schema().version()).withName(name);
    return new CollectionSpec(schema, of.consistencyLevel(), properties, of.shardCount(), 0);
  }
}
