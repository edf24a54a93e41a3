package io.elanus.sim.disk;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One folder: its entries as seen, and the changes since they were last forced. After a power cut
 * each change that was not forced is there or is not; a rename is one change. Other than with
 * files, a force that fails leaves the changes waiting for the next: file systems that cannot write
 * their folders any more stop writing at all.
 */
final class StoredFolder implements Node {
  /**
   * @param from name that goes, or null
   * @param to name that comes, or null
   */
  private record Change(@Nullable String from, @Nullable String to, Node node) {}

  private final TreeMap<String, Node> seen = new TreeMap<>();
  private TreeMap<String, Node> forced = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();

  Map<String, Node> entries() {
    return seen;
  }

  @Nullable Node get(String name) {
    return seen.get(name);
  }

  void put(String name, Node node) {
    change(new Change(null, name, node));
  }

  void remove(String name) {
    Node node = seen.get(name);
    if (node != null) {
      change(new Change(name, null, node));
    }
  }

  void rename(String from, String to) {
    Node node = seen.get(from);
    if (node != null) {
      change(new Change(from, to, node));
    }
  }

  private void change(Change change) {
    apply(change, seen);
    changes.add(change);
  }

  private static void apply(Change change, Map<String, Node> entries) {
    if (change.from != null) {
      entries.remove(change.from);
    }
    if (change.to != null) {
      entries.put(change.to, change.node);
    }
  }

  void force() {
    forced = new TreeMap<>(seen);
    changes.clear();
  }

  StoredFolder survivor(Random chance, DiskLosses losses) {
    TreeMap<String, Node> after = new TreeMap<>(forced);
    for (Change change : changes) {
      if (chance.nextBoolean()) {
        apply(change, after);
      } else if (change.to == null) {
        losses.deletionsUndone++;
      } else {
        losses.lostEntries++;
      }
    }
    StoredFolder kept = new StoredFolder();
    after.forEach(
        (name, node) ->
            kept.seen.put(
                name,
                switch (node) {
                  case StoredFile file -> file.survivor(chance, losses);
                  case StoredFolder folder -> folder.survivor(chance, losses);
                }));
    kept.forced = new TreeMap<>(kept.seen);
    return kept;
  }

  /** As it is; entries that point at the same thing still do. */
  StoredFolder copy(IdentityHashMap<Node, Node> done) {
    StoredFolder copy = new StoredFolder();
    done.put(this, copy);
    seen.forEach((name, node) -> copy.seen.put(name, copied(node, done)));
    forced.forEach((name, node) -> copy.forced.put(name, copied(node, done)));
    changes.forEach(c -> copy.changes.add(new Change(c.from, c.to, copied(c.node, done))));
    return copy;
  }

  private static Node copied(Node node, IdentityHashMap<Node, Node> done) {
    Node known = done.get(node);
    if (known != null) {
      return known;
    }
    Node copy =
        switch (node) {
          case StoredFile file -> file.copy();
          case StoredFolder folder -> folder.copy(done);
        };
    done.put(node, copy);
    return copy;
  }
}
