package io.elanus.model.info;

/**
 * What a collection holds, as numbers. Whatever changes what a search may answer changes one of
 * them, at the latest when the change is acknowledged; none ever comes back, also not after a
 * restart. A search that is begun after a version was read sees that version or a newer one: its
 * answer may be kept under the version, and is right while the version is still the same.
 *
 * <p>Rows that outlive their time to live go without a sign. An alias may be pointed elsewhere and
 * back between two calls: whoever keeps answers searches by {@link #name}.
 *
 * @param name the collection's own, where an alias was asked for
 * @param id of the collection; another one of the same name has another
 * @param definition grows with every change of name, schema, properties, indexes, partitions and
 *     load state
 * @param operation of the last write that is visible
 */
public record CollectionVersion(String name, long id, long definition, long operation) {}
