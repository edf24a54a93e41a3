package io.elanus.sim.run;

import io.elanus.sim.model.Contents;
import io.elanus.sim.model.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Says in which way an answer is not one that could be. */
final class Differences {
  private static final int LISTED_MAX = 5;

  private Differences() {}

  static boolean sameNames(Contents one, Contents other) {
    return one.exists() == other.exists()
        && one.alias() == other.alias()
        && one.vectorIndex().equals(other.vectorIndex())
        && one.numberIndex().equals(other.numberIndex())
        && one.partitions().equals(other.partitions());
  }

  static String tell(
      Question question, Object answer, Collection<Contents> possible, String collection) {
    StringBuilder text = new StringBuilder(question + " on " + collection);
    if (question instanceof Question.Rows rows) {
      for (Contents contents : possible) {
        text.append("\n    ").append(against(answer, rows.expected(contents)));
      }
    } else {
      text.append(" answered ").append(answer);
      for (Contents contents : possible) {
        text.append("\n    possible: ").append(contents);
      }
    }
    return text.toString();
  }

  static String tell(Object seen, Collection<Contents> possible, String collection) {
    StringBuilder text = new StringBuilder(collection);
    for (Contents contents : possible) {
      if (seen instanceof Contents) {
        text.append("\n    seen ").append(seen).append("\n    but  ").append(contents);
      } else {
        Question.Rows all = new Question.Rows(java.util.Set.of(), Long.MAX_VALUE);
        text.append("\n    ").append(against(seen, all.expected(contents)));
      }
    }
    return text.toString();
  }

  private static String against(Object answer, Map<Long, Row> expected) {
    if (!(answer instanceof Map<?, ?> map)) {
      return "answered " + answer;
    }
    Map<Object, Object> seen = new TreeMap<>(map);
    List<Object> missing = new ArrayList<>(expected.keySet());
    missing.removeAll(seen.keySet());
    List<Object> extra = new ArrayList<>(seen.keySet());
    extra.removeAll(expected.keySet());
    List<String> other = new ArrayList<>();
    expected.forEach(
        (key, row) -> {
          Object found = seen.get(key);
          if (found != null && !Objects.equals(found, row)) {
            other.add("%s is %s, not %s".formatted(key, found, row));
          }
        });
    return "%d rows, not %d: missing %s, too many %s, different %s"
        .formatted(seen.size(), expected.size(), some(missing), some(extra), some(other));
  }

  private static String some(List<?> list) {
    return list.size() <= LISTED_MAX
        ? list.toString()
        : list.subList(0, LISTED_MAX) + " and " + (list.size() - LISTED_MAX) + " more";
  }
}
