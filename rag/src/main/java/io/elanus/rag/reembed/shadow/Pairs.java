package io.elanus.rag.reembed.shadow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.eval.Comparison;
import io.elanus.rag.eval.Evaluation;
import io.elanus.rag.eval.JudgedSet;
import io.elanus.rag.eval.Measure;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.retrieve.Tuning;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Asks two collections the same, past all caches, for the caller and under what binds the caller;
 * they take turns in going first.
 */
public final class Pairs {
  private static final int DEPTH = 100;
  private static final long SEED = 1;

  private final Retriever retriever;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private boolean turned;

  /**
   * @param retriever without a cache
   */
  public Pairs(Retriever retriever, LongSupplier nanos, InstantSource clock) {
    this.retriever = retriever;
    this.nanos = nanos;
    this.clock = clock;
  }

  private record Timed(Found found, long nanos) {}

  private synchronized boolean turn() {
    turned = !turned;
    return turned;
  }

  private Timed timed(Caller caller, Question question, String collection) {
    long begun = nanos.getAsLong();
    Found found = retriever.find(caller, question.withCollection(collection));
    if (!found.degraded().isEmpty()) {
      throw new ElanusException(ErrorCode.NOT_READY, found.degraded().getFirst());
    }
    return new Timed(found, Math.max(1, nanos.getAsLong() - begun));
  }

  /**
   * @param byDocument compare documents, not chunks
   * @throws ElanusException NOT_READY where a stage did not run: that would compare nothing
   */
  Both ask(Caller caller, Question question, String from, String to, boolean byDocument) {
    boolean first = turn();
    Timed a = timed(caller, question, first ? from : to);
    Timed b = timed(caller, question, first ? to : from);
    Timed old = first ? a : b;
    Timed made = first ? b : a;
    return new Both(
        keys(old.found(), byDocument), keys(made.found(), byDocument), old.nanos(), made.nanos());
  }

  private static List<String> keys(Found found, boolean byDocument) {
    return found.passages().stream()
        .map(passage -> byDocument ? passage.chunk().sourceId() : passage.chunk().id())
        .distinct()
        .toList();
  }

  /**
   * A real question, a second and a third time.
   *
   * @param unchanged whether the names still mean what they meant before; otherwise it counts not
   */
  public void add(
      Tally tally,
      Caller caller,
      Question question,
      String from,
      String to,
      BooleanSupplier unchanged) {
    Both both = ask(caller, question, from, to, question.byDocument());
    if (unchanged.getAsBoolean()) {
      tally.add(both);
    }
  }

  /**
   * A whole set, for a hundred documents each.
   *
   * @param from the collection with the vectors that were there
   */
  public Judged ask(Caller caller, QuestionSet set, String from, String to) {
    Map<String, List<String>> rankedFrom = new LinkedHashMap<>();
    Map<String, List<String>> rankedTo = new LinkedHashMap<>();
    Tally tally = new Tally();
    set.questions()
        .forEach(
            (id, text) -> {
              Question question =
                  new Question(
                      from, text, DEPTH, Filter.ALL, set.mode(), 0, true, 0, false, Tuning.DEFAULT);
              Both both = ask(caller, question, from, to, true);
              tally.add(both);
              rankedFrom.put(id, both.from());
              rankedTo.put(id, both.to());
            });
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", set.name()).put("at", clock.instant().toString());
    json.put("mode", set.mode().name().toLowerCase(Locale.ROOT));
    json.set("agreement", tally.report());
    if (!set.gains().isEmpty()) {
      JudgedSet judged = new JudgedSet(List.of(), set.questions(), set.gains());
      json.put("judged_questions", judged.questions().size());
      ObjectNode measures = json.putObject("measures");
      Evaluation a = Evaluation.of(judged, rankedFrom);
      Evaluation b = Evaluation.of(judged, rankedTo);
      for (Measure measure : Evaluation.MEASURES) {
        Comparison seen = Comparison.of(a.values(measure), b.values(measure), SEED);
        measures
            .putObject(measure.name())
            .put("from", a.mean(measure))
            .put("to", b.mean(measure))
            .put("difference", seen.difference())
            .put("low", seen.low())
            .put("high", seen.high())
            .put("probability", seen.probability())
            .put("better", seen.better())
            .put("worse", seen.worse());
      }
    }
    return new Judged(json);
  }
}
