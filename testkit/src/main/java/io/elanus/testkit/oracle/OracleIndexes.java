package io.elanus.testkit.oracle;

import io.elanus.model.Caller;
import io.elanus.model.Indexes;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Names;
import io.elanus.testkit.oracle.OracleTable.Index;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Indexes are noted and described; a search looks at every row all the same. */
record OracleIndexes(OracleState state) implements Indexes {
  private static final List<String> VECTOR_TYPES = List.of("FLAT", "IVF_FLAT", "HNSW", "AUTOINDEX");
  private static final List<String> BINARY_TYPES =
      List.of("BIN_FLAT", "BIN_IVF_FLAT", "HNSW", "AUTOINDEX");
  private static final List<String> SPARSE_TYPES =
      List.of("SPARSE_INVERTED_INDEX", "SPARSE_WAND", "AUTOINDEX");
  private static final List<String> SCALAR_TYPES =
      List.of("INVERTED", "BITMAP", "STL_SORT", "TRIE", "AUTOINDEX");

  @Override
  public void create(Caller caller, String collection, IndexSpec spec) {
    OracleTable table = state.table(caller, collection);
    Field field =
        table
            .schema
            .field(spec.field())
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.FIELD_NOT_FOUND, "there is no field named " + spec.field()));
    IndexSpec complete = complete(field, spec, table.schema.metrics(field));
    Index existing = table.indexes.get(field.name());
    if (existing != null) {
      if (!existing.spec().equals(complete)) {
        throw new ElanusException(
            ErrorCode.INDEX_CONFLICT, "there is another index on field " + field.name());
      }
      return;
    }
    if (table.indexes.values().stream().anyMatch(i -> i.spec().name().equals(complete.name()))) {
      throw new ElanusException(
          ErrorCode.INDEX_CONFLICT, "there is an index named " + complete.name());
    }
    table.definition++;
    table.indexes.put(field.name(), new Index(state.id(), complete));
  }

  private static IndexSpec complete(Field field, IndexSpec spec, List<Metric> metrics) {
    String name = spec.name().isEmpty() ? field.name() : spec.name();
    Names.check("index", name, ErrorCode.INVALID_NAME);
    String type = (spec.type().isEmpty() ? "AUTOINDEX" : spec.type()).toUpperCase(Locale.ROOT);
    boolean vector = field.type().isVector();
    boolean bits = field.type() == DataType.BINARY_VECTOR;
    boolean sparse = field.type() == DataType.SPARSE_FLOAT_VECTOR;
    List<String> types = bits ? BINARY_TYPES : vector ? VECTOR_TYPES : SCALAR_TYPES;
    boolean fits = (sparse ? SPARSE_TYPES : types).contains(type);
    DataType values = field.elementType() == null ? field.type() : field.elementType();
    fits &= values != DataType.JSON && !field.dynamic();
    fits &= !type.equals("TRIE") || field.type() == DataType.VARCHAR;
    fits &= !type.equals("BITMAP") || (!field.primaryKey() && !values.isFloating());
    fits &=
        !type.equals("STL_SORT") || field.elementType() == null && field.type() != DataType.BOOL;
    if (!fits) {
      throw new ElanusException(
          ErrorCode.INDEX_NOT_SUPPORTED,
          "an index of type %s is not for field %s".formatted(type, field.name()));
    }
    checkParameters(spec.params());
    Metric metric = !vector ? null : spec.metric() == null ? metrics.getFirst() : spec.metric();
    if (vector && !metrics.contains(metric)) {
      throw OracleState.invalid("%s does not measure field %s".formatted(metric, field.name()));
    }
    return new IndexSpec(field.name(), name, type, metric, spec.params(), spec.properties());
  }

  private static void checkParameters(Map<String, String> parameters) {
    Map.of("bm25_k1", 3.0, "bm25_b", 1.0)
        .forEach(
            (name, max) -> {
              String text = parameters.getOrDefault(name, "1");
              boolean number = text.matches("\\d(\\.\\d{1,9})?");
              if (!number || Double.parseDouble(text) > max) {
                throw OracleState.invalid("%s cannot be %s".formatted(name, text));
              }
            });
    Map.of("M", 2_048, "efConstruction", Integer.MAX_VALUE, "nlist", 65_536)
        .forEach(
            (name, max) -> {
              String text = parameters.getOrDefault(name, "2");
              boolean number = text.matches("\\d{1,10}");
              if (!number || Long.parseLong(text) < 1 || Long.parseLong(text) > max) {
                throw OracleState.invalid("%s cannot be %s".formatted(name, text));
              }
            });
  }

  @Override
  public void drop(Caller caller, String collection, String indexName) {
    OracleTable table = state.table(caller, collection);
    for (Index index : table.indexesNamed(indexName)) {
      if (index.spec().metric() != null && table.loaded()) {
        throw OracleState.invalid(
            "collection %s is loaded; release it first".formatted(collection));
      }
      table.definition++;
      table.indexes.remove(index.spec().field());
    }
  }

  @Override
  public void alter(
      Caller caller,
      String collection,
      String indexName,
      Map<String, String> set,
      Set<String> delete) {
    OracleTable table = state.table(caller, collection);
    for (Index index : required(table, indexName)) {
      for (String key : set.keySet()) {
        if (!key.matches("mmap\\.enabled|indexoffsetcache\\.enabled|warmup.*")) {
          throw OracleState.invalid(key + " cannot be changed");
        }
      }
      IndexSpec s = index.spec();
      Map<String, String> properties = new HashMap<>(s.properties());
      properties.keySet().removeAll(delete);
      properties.putAll(set);
      IndexSpec changed =
          new IndexSpec(s.field(), s.name(), s.type(), s.metric(), s.params(), properties);
      table.definition++;
      table.indexes.put(s.field(), new Index(index.id(), changed));
    }
  }

  private static List<Index> required(OracleTable table, String indexName) {
    List<Index> found = table.indexesNamed(indexName);
    if (found.isEmpty()) {
      throw new ElanusException(
          ErrorCode.INDEX_NOT_FOUND,
          "there is no index %s on collection %s".formatted(indexName, table.name()));
    }
    return found;
  }

  @Override
  public List<IndexInfo> describe(Caller caller, String collection, String indexName) {
    OracleTable table = state.table(caller, collection);
    long rows = table.rows.size();
    return required(table, indexName).stream()
        .map(
            i ->
                new IndexInfo(
                    i.id(), i.spec(), IndexInfo.State.FINISHED, rows, rows, 0, Map.of(), ""))
        .toList();
  }
}
