package io.elanus.rag.policy;

import io.elanus.model.Caller;
import io.elanus.model.query.Filter;

/**
 * The filter a caller is bound to. It is ANDed into whatever the caller asks, on the server; rows
 * outside of it do not exist for that caller: not in hits, counts, neighbours, caches, prompts,
 * citations, logs or traces.
 */
public interface MandatoryFilters {
  /** Nobody is bound. */
  MandatoryFilters NONE = (caller, collection) -> Bound.FREE;

  /**
   * @param collection name or alias; rules are matched with the collection's own name
   * @throws io.elanus.model.error.ElanusException NOT_PERMITTED where the caller may see nothing
   */
  Bound of(Caller caller, String collection);

  /**
   * @param filter every row the caller may see passes
   * @param key equal for two callers exactly when they may see the same rows; changes with the
   *     policy; stands in every cache key
   * @param writes what the caller may write, and what is written for them
   */
  record Bound(Filter filter, String key, Writes writes) {
    public static final Bound FREE = new Bound(Filter.ALL, "", Writes.FREE);

    /** For who may read and must not write. */
    public Bound(Filter filter, String key) {
      this(filter, key, Writes.NONE);
    }
  }
}
