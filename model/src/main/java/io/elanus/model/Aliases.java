package io.elanus.model;

import java.util.List;

/** Other names of collections. */
public interface Aliases {
  void create(Caller caller, String alias, String collection);

  /** Dropping what is not there does nothing. */
  void drop(Caller caller, String alias);

  /** Points an existing alias at another collection. */
  void alter(Caller caller, String alias, String collection);

  /** The real name of the collection the alias points at. */
  String describe(Caller caller, String alias);

  /** Of one collection, or of the whole database for an empty name: pairs of alias, collection. */
  List<Alias> list(Caller caller, String collection);

  /** An alias and the real name of its collection. */
  record Alias(String name, String collection) {}
}
