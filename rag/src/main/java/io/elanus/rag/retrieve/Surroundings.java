package io.elanus.rag.retrieve;

import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.PinnedRows.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands before and after passages in their documents. No chunk is shown twice in an answer:
 * one that is a passage itself is no neighbour, and one between two passages is with the better.
 */
record Surroundings(PinnedRows rows, int width) {
  private record Sides(List<String> before, List<String> after) {}

  List<Passage> of(List<Passage> passages) {
    Set<Position> shown = new HashSet<>();
    Set<String> sources = new TreeSet<>();
    Set<Long> places = new TreeSet<>();
    for (Passage passage : passages) {
      Position at = position(passage);
      shown.add(at);
      sources.add(at.source());
      for (long index = Math.max(0, at.index() - width); index <= at.index() + width; index++) {
        places.add(index);
      }
    }
    if (passages.isEmpty()) {
      return passages;
    }
    Map<Position, String> around = rows.around(List.copyOf(sources), List.copyOf(places));
    List<Sides> sides = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (Passage passage : passages) {
      Position at = position(passage);
      Sides both =
          new Sides(
              take(at, at.index() - width, at.index() - 1, around, shown),
              take(at, at.index() + 1, at.index() + width, around, shown));
      wanted.addAll(both.before());
      wanted.addAll(both.after());
      sides.add(both);
    }
    return joined(passages, sides, rows.surroundings(wanted));
  }

  private static Position position(Passage passage) {
    return new Position(passage.chunk().sourceId(), passage.chunk().index());
  }

  private static List<String> take(
      Position of, long first, long last, Map<Position, String> around, Set<Position> shown) {
    List<String> taken = new ArrayList<>();
    for (long index = first; index <= last; index++) {
      Position position = new Position(of.source(), index);
      String id = around.get(position);
      if (id != null && shown.add(position)) {
        taken.add(id);
      }
    }
    return taken;
  }

  private static List<Passage> joined(
      List<Passage> passages, List<Sides> sides, Map<String, Chunk> chunks) {
    List<Passage> all = new ArrayList<>();
    for (int i = 0; i < passages.size(); i++) {
      Passage passage = passages.get(i);
      all.add(
          new Passage(
              passage.chunk(),
              passage.score(),
              passage.why(),
              present(sides.get(i).before(), chunks),
              present(sides.get(i).after(), chunks)));
    }
    return all;
  }

  private static List<Chunk> present(List<String> ids, Map<String, Chunk> chunks) {
    List<Chunk> present = new ArrayList<>();
    for (String id : ids) {
      Chunk chunk = chunks.get(id);
      if (chunk != null) {
        present.add(chunk);
      }
    }
    return present;
  }
}
