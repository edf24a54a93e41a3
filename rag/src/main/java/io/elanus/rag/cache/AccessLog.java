package io.elanus.rag.cache;

import io.elanus.model.Caller;
import io.elanus.rag.retrieve.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked often. Texts are in memory alone and never leave it. Counts are halved now and
 * then, so that what was popular once is forgotten; of questions beyond the room, the one that was
 * asked longest ago goes.
 */
public final class AccessLog {
  private static final int ROOM = 1_000;
  private static final int HALVED_EVERY = 10_000;

  /** In the order in which they were last asked. */
  private final Map<Subject, Asked> asked = new LinkedHashMap<>(16, 0.75f, true);

  private long total;
  private long totalAtLook;

  /** A question, who asked it last, and how often it was. */
  record Asked(Caller caller, Question question, int count) {}

  synchronized void asked(Subject subject, Caller caller, Question question) {
    total++;
    asked.merge(
        subject,
        new Asked(caller, question, 1),
        (old, one) -> new Asked(caller, question, old.count() + 1));
    if (asked.size() > ROOM) {
      asked.remove(asked.keySet().iterator().next());
    }
    if (total % HALVED_EVERY == 0) {
      asked.replaceAll((key, one) -> new Asked(one.caller(), one.question(), one.count() / 2));
    }
  }

  /** Whether nothing was asked since this was called before. */
  synchronized boolean isIdle() {
    boolean idle = total == totalAtLook;
    totalAtLook = total;
    return idle;
  }

  /** Those asked at least twice, the most popular first. */
  synchronized List<Asked> popular(int count) {
    List<Asked> all = new ArrayList<>(asked.values());
    all.removeIf(one -> one.count() < 2);
    all.sort(Comparator.comparingInt(one -> -one.count()));
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }
}
