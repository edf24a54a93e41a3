package io.elanus.app.load;

import static io.elanus.app.backup.ServerOptions.bad;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is asked. */
enum Kind {
  /** A search that no cache knows. */
  SEARCH,
  /** A search that was asked before. */
  CACHED,
  /** An answer to a question that no cache knows. */
  ANSWER;

  /** As users write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * One round of requests in the shares of a mix, spread evenly.
   *
   * @param mix {@code search=8,cached=1,answer=1} say; a word alone is that kind only
   */
  static List<Kind> round(String mix) {
    Map<Kind, Integer> shares = new EnumMap<>(Kind.class);
    for (String part : mix.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      String share = pair.length == 1 ? "1" : pair[1].strip();
      if (!share.matches("\\d{1,3}")) {
        throw bad("--mix must be like search=8,cached=1,answer=1, got " + mix);
      }
      shares.merge(kind(pair[0].strip()), Integer.parseInt(share), Integer::sum);
    }
    int all = shares.values().stream().mapToInt(Integer::intValue).sum();
    if (all == 0) {
      throw bad("--mix asks for nothing: " + mix);
    }
    return spread(shares, all);
  }

  private static Kind kind(String word) {
    for (Kind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw bad("--mix knows search, cached and answer, got " + word);
  }

  /** Each place goes to the kind that is farthest behind its share. */
  private static List<Kind> spread(Map<Kind, Integer> shares, int all) {
    List<Kind> round = new ArrayList<>(all);
    Map<Kind, Integer> given = new EnumMap<>(Kind.class);
    for (int place = 1; place <= all; place++) {
      Kind next = null;
      double farthest = Double.NEGATIVE_INFINITY;
      for (Map.Entry<Kind, Integer> share : shares.entrySet()) {
        double behind =
            (double) share.getValue() * place / all - given.getOrDefault(share.getKey(), 0);
        if (behind > farthest && share.getValue() > 0) {
          farthest = behind;
          next = share.getKey();
        }
      }
      if (next == null) {
        throw new IllegalStateException("some kind has a share");
      }
      given.merge(next, 1, Integer::sum);
      round.add(next);
    }
    return List.copyOf(round);
  }
}
