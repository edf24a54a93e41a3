package io.elanus.model;

import io.elanus.model.info.DatabaseInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Name spaces. {@code default} always exists and cannot be dropped. */
public interface Databases {
  void create(Caller caller, String name, Map<String, String> properties);

  /** Refused while collections exist in it. */
  void drop(Caller caller, String name);

  /** In order of creation. */
  List<DatabaseInfo> list(Caller caller);

  DatabaseInfo describe(Caller caller, String name);

  void alter(Caller caller, String name, Map<String, String> set, Set<String> delete);
}
