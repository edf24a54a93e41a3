package io.elanus.model;

import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.IndexSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Indexes of a collection's fields; builds run in the background. */
public interface Indexes {
  /** The same again does nothing; another one on the same field is INDEX_CONFLICT. */
  void create(Caller caller, String collection, IndexSpec spec);

  /** By index or field name; dropping what is not there does nothing; refused while loaded. */
  void drop(Caller caller, String collection, String indexName);

  void alter(
      Caller caller,
      String collection,
      String indexName,
      Map<String, String> set,
      Set<String> delete);

  /** {@code indexName} empty for all; none at all is INDEX_NOT_FOUND. */
  List<IndexInfo> describe(Caller caller, String collection, String indexName);
}
