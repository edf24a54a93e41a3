package io.elanus.model;

import io.elanus.model.info.CollectionInfo;
import io.elanus.model.info.CollectionSpec;
import io.elanus.model.info.CollectionVersion;
import io.elanus.model.info.LoadInfo;
import io.elanus.model.info.SegmentInfo;
import io.elanus.model.schema.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collections: schema and load state. An alias is accepted wherever a name is, but for drop. */
public interface Collections {
  /** Creating the same again answers the existing one; a different schema is COLLECTION_EXISTS. */
  CollectionInfo create(Caller caller, CollectionSpec spec);

  /** Dropping what is not there does nothing; dropping by an alias is refused. */
  void drop(Caller caller, String name);

  boolean exists(Caller caller, String name);

  CollectionInfo describe(Caller caller, String name);

  CollectionInfo describe(Caller caller, long id);

  /** In order of creation. */
  List<CollectionInfo> list(Caller caller);

  /** Keeps id, data and aliases; {@code newDatabase} empty for the caller's. */
  void rename(Caller caller, String name, String newName, String newDatabase);

  /**
   * Two collections of the caller's database take each other's name and aliases, in one step: a
   * name means one or the other at every moment, also after a crash. Each keeps its id, its rows
   * and everything else. Named by an alias, a collection is not found: INVALID_ARGUMENT.
   */
  void exchange(Caller caller, String one, String other);

  void alter(Caller caller, String name, Map<String, String> set, Set<String> delete);

  /**
   * Type parameters that may grow (max_length, max_capacity), mmap.enabled, and the description.
   */
  void alterField(
      Caller caller, String name, String field, Map<String, String> set, Set<String> delete);

  /** The field must be nullable; rows that exist read its default or null. */
  void addField(Caller caller, String name, Field field);

  /** Removes every row, keeps schema, indexes, partitions, aliases. */
  void truncate(Caller caller, String name);

  /**
   * Makes partitions searchable; {@code partitions} empty for all. Needs an index on each vector.
   */
  void load(Caller caller, String name, List<String> partitions);

  /** {@code partitions} empty for all. */
  void release(Caller caller, String name, List<String> partitions);

  /** {@code partitions} empty for all; a missing collection answers NOT_EXIST, without error. */
  LoadInfo loadState(Caller caller, String name, List<String> partitions);

  /** Rows inserted and not deleted, sealed and growing. */
  long rowCount(Caller caller, String name);

  List<SegmentInfo> segments(Caller caller, String name);

  /** What the collection holds now, as numbers; costs no more than two look-ups. */
  CollectionVersion version(Caller caller, String name);
}
