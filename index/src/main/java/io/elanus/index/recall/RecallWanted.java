package io.elanus.index.recall;

import io.elanus.index.Parameters;
import io.elanus.model.query.SearchParams;
import java.util.OptionalDouble;

/** The search parameter {@code recall}: a share of the true neighbours, in place of an effort. */
public final class RecallWanted {
  public static final double MIN = 0.8;
  public static final double MAX = 0.999;
  private static final String NAME = "recall";

  private RecallWanted() {}

  /**
   * Refuses a recall that is none or out of range, and one beside a parameter that says the effort
   * itself: one of the two would have no effect.
   *
   * @param efforts parameters that recall takes the place of, ef say
   */
  public static void check(SearchParams params, String... efforts) {
    if (!params.values().containsKey(NAME)) {
      return;
    }
    Parameters.number(params.values(), NAME, MAX, MIN, MAX);
    for (String effort : efforts) {
      if (params.values().containsKey(effort)) {
        throw Parameters.invalid(
            "recall(%s) and %s(%s) contradict each other: %s says how hard to look, recall how much"
                    .formatted(
                        params.values().get(NAME), effort, params.values().get(effort), effort)
                + " must be found; give one of them");
      }
    }
  }

  /** The recall asked for, once it was checked. */
  public static OptionalDouble of(SearchParams params) {
    return params.number(NAME);
  }
}
