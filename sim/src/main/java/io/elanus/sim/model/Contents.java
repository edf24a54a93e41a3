package io.elanus.sim.model;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A collection at a moment, immutable.
 *
 * @param vectorIndex type, empty for none
 * @param numberIndex likewise, of the scalar field
 * @param partitions by name, whether loaded
 * @param alias whether it has its other name
 */
public record Contents(
    boolean exists,
    String vectorIndex,
    String numberIndex,
    SortedMap<String, Boolean> partitions,
    boolean alias,
    SortedMap<Long, Row> rows) {
  public static final String DEFAULT = "_default";

  /** There is no such collection. */
  public static final Contents NONE =
      new Contents(false, "", "", new TreeMap<>(), false, new TreeMap<>());

  /** Just created. */
  public static final Contents EMPTY =
      new Contents(true, "", "", new TreeMap<>(Map.of(DEFAULT, false)), false, new TreeMap<>());

  public Contents {
    partitions = Collections.unmodifiableSortedMap(partitions);
    rows = Collections.unmodifiableSortedMap(rows);
  }

  public Contents withVectorIndex(String type) {
    return new Contents(exists, type, numberIndex, partitions, alias, rows);
  }

  public Contents withNumberIndex(String type) {
    return new Contents(exists, vectorIndex, type, partitions, alias, rows);
  }

  public Contents withAlias(boolean has) {
    return new Contents(exists, vectorIndex, numberIndex, partitions, has, rows);
  }

  public Contents withPartitions(Consumer<SortedMap<String, Boolean>> change) {
    SortedMap<String, Boolean> changed = new TreeMap<>(partitions);
    change.accept(changed);
    return new Contents(exists, vectorIndex, numberIndex, changed, alias, rows);
  }

  public Contents withRows(Consumer<SortedMap<Long, Row>> change) {
    SortedMap<Long, Row> changed = new TreeMap<>(rows);
    change.accept(changed);
    return new Contents(exists, vectorIndex, numberIndex, partitions, alias, changed);
  }

  public Contents withLoaded(Collection<String> names, boolean loaded) {
    return withPartitions(all -> names.forEach(name -> all.replace(name, loaded)));
  }

  public boolean loaded() {
    return partitions.containsValue(true);
  }

  public boolean allLoaded() {
    return exists && !partitions.containsValue(false);
  }

  /** Rows in loaded partitions, of these where any are named. */
  public SortedMap<Long, Row> readable(Set<String> named, Predicate<Row> filter) {
    SortedMap<Long, Row> found = new TreeMap<>();
    rows.forEach(
        (key, row) -> {
          boolean wanted = named.isEmpty() || named.contains(row.partition());
          if (wanted && partitions.getOrDefault(row.partition(), false) && filter.test(row)) {
            found.put(key, row);
          }
        });
    return found;
  }

  /** Whether reading these partitions, none for all, is allowed. */
  public boolean mayRead(Set<String> named) {
    return loaded() && named.stream().allMatch(name -> partitions.getOrDefault(name, false));
  }
}
