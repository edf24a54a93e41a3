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
  MandatoryFilters NONE = (caller, collection) -> new Bound(Filter.ALL, "");

  Bound of(Caller caller, String collection);

  /**
   * @param filter every row the caller may see passes
   * @param key equal for two callers exactly when they may see the same rows; changes with the
   *     policy; stands in every cache key
   */
  record Bound(Filter filter, String key) {}
}
