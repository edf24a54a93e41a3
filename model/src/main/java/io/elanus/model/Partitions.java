package io.elanus.model;

import io.elanus.model.info.PartitionInfo;
import java.util.List;

/** Partitions of a collection; {@code _default} always exists. */
public interface Partitions {
  /** Creating what exists does nothing; refused for collections with a partition key. */
  void create(Caller caller, String collection, String name);

  /** Dropping what is not there does nothing; refused while loaded, and for the default one. */
  void drop(Caller caller, String collection, String name);

  boolean exists(Caller caller, String collection, String name);

  /** In order of creation. */
  List<PartitionInfo> list(Caller caller, String collection);
}
