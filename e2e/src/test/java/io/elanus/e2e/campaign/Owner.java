package io.elanus.e2e.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One writer's part of the ledger: its own keys in one collection, which nobody else writes. It
 * sends one operation at a time, so that at most one is open when the server dies.
 */
final class Owner {
  /** The value of a key that is absent. */
  static final long GONE = -1;

  /** Rows of a group are deleted by one filter. */
  static final int GROUPS = 16;

  private static final long KEYS_PER_OWNER = 1_000_000_000L;
  private static final int REMEMBERED_DELETES = 2_000;

  final int id;
  final String collection;
  final int rowsMax;
  private final Map<Long, Long> present = new HashMap<>();
  private final List<Long> keys = new ArrayList<>();
  private final Map<Long, Integer> places = new HashMap<>();
  private final Set<Long> touched = new HashSet<>();
  private final List<Long> deleted = new ArrayList<>();
  private long nextKey;
  private long nextValue = 1;

  /** Sent, and not known to have happened or not. */
  Operation open;

  /**
   * A write in flight.
   *
   * @param after the value each of its keys has if it happened, or {@link #GONE}
   */
  record Operation(long number, String verb, Map<Long, Long> after) {}

  Owner(int id, String collection, int rowsMax) {
    this.id = id;
    this.collection = collection;
    this.rowsMax = rowsMax;
    this.nextKey = id * KEYS_PER_OWNER;
  }

  long newKey() {
    return nextKey++;
  }

  long newValue() {
    return nextValue++;
  }

  int rowCount() {
    return keys.size();
  }

  /** The acknowledged value, or GONE. */
  long value(long key) {
    return present.getOrDefault(key, GONE);
  }

  Map<Long, Long> rows() {
    return present;
  }

  boolean owns(long key) {
    return key / KEYS_PER_OWNER == id;
  }

  /** Up to so many different keys that are there. */
  Set<Long> some(Random random, int most) {
    Set<Long> chosen = new HashSet<>();
    for (int i = 0; i < most && !keys.isEmpty(); i++) {
      chosen.add(keys.get(random.nextInt(keys.size())));
    }
    return chosen;
  }

  List<Long> keysOfGroup(int group) {
    List<Long> found = new ArrayList<>();
    present.forEach(
        (key, value) -> {
          if (value % GROUPS == group) {
            found.add(key);
          }
        });
    return found;
  }

  /** The operation is known to have happened. */
  void apply(Map<Long, Long> after) {
    after.forEach(
        (key, value) -> {
          touched.add(key);
          if (value == GONE) {
            remove(key);
          } else {
            put(key, value);
          }
        });
  }

  private void put(long key, long value) {
    if (present.put(key, value) == null) {
      places.put(key, keys.size());
      keys.add(key);
    }
  }

  private void remove(long key) {
    if (present.remove(key) == null) {
      return;
    }
    int place = places.remove(key);
    long last = keys.removeLast();
    if (last != key) {
      keys.set(place, last);
      places.put(last, place);
    }
    deleted.add(key);
    if (deleted.size() > 2 * REMEMBERED_DELETES) {
      deleted.subList(0, REMEMBERED_DELETES).clear();
    }
  }

  /** Keys worth reading: written since the last call, and a sample of older and of deleted ones. */
  Set<Long> worthReading(Random random, int sample) {
    Set<Long> all = new HashSet<>(touched);
    touched.clear();
    all.addAll(some(random, sample));
    for (int i = 0; i < sample && !deleted.isEmpty(); i++) {
      all.add(deleted.get(random.nextInt(deleted.size())));
    }
    return all;
  }
}
