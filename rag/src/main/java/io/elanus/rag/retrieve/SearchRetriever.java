package io.elanus.rag.retrieve;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Embedders;
import io.elanus.rag.embed.Model;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.retrieve.Fusion.Ranked;
import io.elanus.rag.retrieve.Question.Mode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Searches a collection of chunks: vector and words, fused, perhaps reranked, grouped, spread, and
 * shown with what stands around. The way of a question reads top down in {@link #find(Caller,
 * Question)}.
 *
 * <p>Both searches see the state of one timestamp and run one after the other: each already uses
 * the threads of the database.
 */
public final class SearchRetriever implements Retriever {
  /** Rows that each way of searching hands to the fusion, where the question does not say. */
  private static final int CANDIDATES = 50;

  private static final int WIDENING = 4;
  private static final int TRIES_MAX = 4;
  private static final Duration PATIENCE_MAX = Duration.ofMinutes(1);

  private final Database database;
  private final Embedders embedders;
  private final MandatoryFilters policies;
  private final Optional<Reranker> reranker;
  private final InstantSource clock;
  private final KnownCollections known;

  public SearchRetriever(
      Database database,
      Embedders embedders,
      MandatoryFilters policies,
      Optional<Reranker> reranker,
      InstantSource clock) {
    this.database = database;
    this.embedders = embedders;
    this.policies = policies;
    this.reranker = reranker;
    this.clock = clock;
    this.known = new KnownCollections(database);
  }

  /**
   * Names may come to mean another collection while one is searched, whose vectors another model
   * made: what was found is shown only where the name meant one collection throughout.
   */
  @Override
  public Found find(Caller caller, Question question) {
    QuestionLimits.check(question);
    for (int tries = 1; ; tries++) {
      KnownCollections.Known collection = known.of(caller, question.collection());
      CollectionVersion before = collection.version();
      Found found = null;
      ElanusException failure = null;
      try {
        found = find(caller, question, collection);
      } catch (ElanusException e) {
        failure = e;
      }
      CollectionVersion after = database.collections().version(caller, question.collection());
      boolean same = after.id() == before.id() && after.definition() == before.definition();
      // A definition that changes all the time without the identity is no other collection.
      if (same || tries >= TRIES_MAX && after.id() == before.id()) {
        if (failure != null) {
          throw failure;
        }
        return Objects.requireNonNull(found);
      }
      if (tries >= TRIES_MAX) {
        throw new ElanusException(
            ErrorCode.BUSY,
            "the name %s came to mean another collection again and again while it was searched"
                .formatted(question.collection()));
      }
    }
  }

  private Found find(Caller caller, Question question, KnownCollections.Known collection) {
    String name = collection.version().name();
    MandatoryFilters.Bound bound = policies.of(caller, name);
    Asked asked = embedded(caller, question, collection.model());
    int candidates = candidates(question);
    while (true) {
      PinnedRows rows =
          new PinnedRows(database, caller, name, bound.filter(), asked.question().filter());
      Searched searched = search(caller, asked, rows, candidates);
      Selection selection = new Selection(rows, asked.question());
      List<Candidate> ranked = selection.distinct(searched.candidates());
      boolean more =
          ranked.size() < question.topK()
              && searched.cutOff()
              && question.byDocument()
              && candidates < Tuning.CANDIDATES_MAX;
      if (!more) {
        return passages(caller, asked, selection, ranked);
      }
      candidates = Math.min(WIDENING * candidates, Tuning.CANDIDATES_MAX);
    }
  }

  /** A question and what became of its parts so far. */
  private record Asked(Question question, float[] vector, List<String> degraded) {}

  private record Searched(List<Candidate> candidates, boolean cutOff) {}

  private Asked embedded(Caller caller, Question question, Model stored) {
    List<String> degraded = new ArrayList<>();
    if (question.mode() == Mode.TEXT) {
      return new Asked(question, new float[0], degraded);
    }
    Embedder embedder = embedders.of(stored, question.collection());
    refuseLate(caller);
    try {
      float[] vector = embedder.embed(List.of(question.text()), Embedder.Purpose.QUERY).getFirst();
      return new Asked(question, vector, degraded);
    } catch (ElanusException e) {
      if (question.mode() == Mode.DENSE || e.code().kind() != ErrorCode.Kind.RETRY) {
        throw e;
      }
      degraded.add("found by words alone: the query could not be embedded: " + e.getMessage());
      return new Asked(question.withMode(Mode.TEXT), new float[0], degraded);
    }
  }

  private int candidates(Question question) {
    if (question.tuning().candidates() > 0) {
      return Math.max(question.topK(), question.tuning().candidates());
    }
    int wanted = Math.max(CANDIDATES, 2 * question.topK());
    return question.byDocument() || question.diversity() > 0 ? 2 * wanted : wanted;
  }

  private Searched search(Caller caller, Asked asked, PinnedRows rows, int limit) {
    Question question = asked.question();
    refuseLate(caller);
    Ranked dense =
        question.mode() == Mode.TEXT
            ? Ranked.NONE
            : rows.nearest(asked.vector(), limit, question.tuning().recall());
    refuseLate(caller);
    Ranked text =
        question.mode() == Mode.DENSE ? Ranked.NONE : rows.matching(question.text(), limit);
    List<Candidate> candidates =
        switch (question.mode()) {
          case DENSE -> Fusion.alone(dense, Candidate::withDense);
          case TEXT -> Fusion.alone(text, Candidate::withText);
          case HYBRID -> Fusion.fuse(dense, text, question.tuning());
        };
    return new Searched(candidates, dense.ids().size() == limit || text.ids().size() == limit);
  }

  private Found passages(
      Caller caller, Asked asked, Selection selection, List<Candidate> candidates) {
    Question question = asked.question();
    List<Candidate> ranked = candidates;
    if (question.rerank() && reranker.isPresent()) {
      Reranking.Outcome outcome =
          new Reranking(reranker.get()).of(question, candidates, selection, patience(caller));
      ranked = outcome.candidates();
      asked.degraded().addAll(outcome.degraded());
    }
    refuseLate(caller);
    List<Passage> passages = selection.passages(ranked);
    return new Found(passages, asked.degraded(), false);
  }

  private Duration patience(Caller caller) {
    Instant now = clock.instant();
    if (caller.deadline().isAfter(now.plus(PATIENCE_MAX))) {
      return PATIENCE_MAX;
    }
    return Duration.between(now, caller.deadline());
  }

  private void refuseLate(Caller caller) {
    if (!clock.instant().isBefore(caller.deadline())) {
      throw new ElanusException(
          ErrorCode.TIMEOUT, "the search was not done when its deadline came; allow it more time");
    }
  }
}
