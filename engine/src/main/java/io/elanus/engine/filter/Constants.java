package io.elanus.engine.filter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The constants of a list, of which there may be many, ready to be looked up. */
final class Constants {
  private final Set<Object> scalars = new HashSet<>();
  private final List<List<?>> lists = new ArrayList<>();

  Constants(List<Object> values) {
    for (Object value : values) {
      if (value instanceof List<?> list) {
        lists.add(list);
      } else {
        scalars.add(Values.canonical(value));
      }
    }
  }

  boolean contains(Object value) {
    return value instanceof List<?> list
        ? lists.stream().anyMatch(l -> Values.same(l, list))
        : scalars.contains(Values.canonical(value));
  }

  boolean anyIn(List<?> items) {
    return items.stream().anyMatch(item -> item != null && contains(item));
  }

  boolean allIn(List<?> items) {
    Set<Object> met = new HashSet<>();
    for (Object item : items) {
      if (item != null && !(item instanceof List)) {
        met.add(Values.canonical(item));
      }
    }
    return met.containsAll(scalars)
        && lists.stream()
            .allMatch(l -> items.stream().anyMatch(item -> item != null && Values.same(item, l)));
  }
}
