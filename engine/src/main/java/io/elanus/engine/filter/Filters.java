package io.elanus.engine.filter;

import io.elanus.model.query.Filter;
import io.elanus.model.schema.Schema;

/** The room's door: from a filter as users write it to one that can be evaluated. */
public final class Filters {
  private Filters() {}

  /**
   * Parses and types the filter.
   *
   * @throws io.elanus.model.error.ElanusException INVALID_EXPRESSION with the place and the reason,
   *     or UNSUPPORTED for functions that are not offered
   */
  public static CompiledFilter compile(Filter filter, Schema schema) {
    Predicate predicate =
        filter.isAll() ? new Predicate.Constant(true) : new Typing(filter, schema).predicate();
    return new CompiledFilter(predicate, filter, schema);
  }
}
