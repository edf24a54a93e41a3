package io.elanus.model.info;

import java.util.Map;

/** A database: a name space of collections. */
public record DatabaseInfo(
    long id, String name, Map<String, String> properties, long createdTimestamp) {
  public static final String DEFAULT = "default";

  public DatabaseInfo {
    properties = Map.copyOf(properties);
  }
}
