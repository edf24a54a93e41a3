package io.elanus.rag.answer;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.answer.Answer.Left;
import io.elanus.rag.answer.Answer.Mode;
import io.elanus.rag.answer.Answer.Quotation;
import io.elanus.rag.answer.Answer.Reason;
import io.elanus.rag.answer.PromptPacking.Packed;
import io.elanus.rag.answer.quote.Quote;
import io.elanus.rag.answer.quote.Quoter;
import io.elanus.rag.answer.quote.Span;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.generate.Cancellation;
import io.elanus.rag.generate.Generation;
import io.elanus.rag.generate.Generator;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Retriever;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * From a question to an answer that says where it stands. Looks for passages, drops those that have
 * nothing to do with the question, and lets a generator write from the rest; without one, or where
 * it fails before anything was shown, quotes their sentences and says why. Sees only what the
 * retriever lets the caller see. Safe for many threads; calls block.
 */
public final class Answerer {
  private final Retriever retriever;
  private final Embedder embedder;
  private final Optional<Generator> generator;
  private final AnswerConfig config;
  private final LongSupplier nanoTime;
  private final Quoter quoter;

  public Answerer(
      Retriever retriever,
      Embedder embedder,
      Optional<Generator> generator,
      AnswerConfig config,
      LongSupplier nanoTime) {
    this.retriever = retriever;
    this.embedder = embedder;
    this.generator = generator;
    this.config = config;
    this.nanoTime = nanoTime;
    quoter = new Quoter(embedder);
  }

  public AnswerConfig config() {
    return config;
  }

  /** The generator's model, where there is one. */
  public Optional<String> model() {
    return generator.map(Generator::model);
  }

  /**
   * Fails as the retriever does; a generator's failure is an answer without it, but for a streamed
   * text of which something was shown already.
   */
  public Answer answer(
      Caller caller, AnswerRequest request, AnswerListener listener, Cancellation cancellation) {
    Making making = new Making(request, listener, nanoTime.getAsLong());
    making.found(retriever.find(caller, request.question()));
    if (cancellation.isCanceled()) {
      throw new ElanusException(ErrorCode.CANCELED, "the answer was no longer wanted");
    }
    if (making.relevant.isEmpty()) {
      listener.passages(List.of());
      return making.unknown();
    }
    if (!request.generate() || generator.isEmpty()) {
      making.number();
      return making.quoted();
    }
    return making.generated(generator.get(), cancellation);
  }

  /** One answer on its way. */
  private final class Making {
    private final AnswerRequest request;
    private final AnswerListener listener;
    private final long begun;
    private final List<Passage> relevant = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();
    private final List<String> degraded = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Set<Integer> told = new HashSet<>();
    private List<NumberedPassage> passages = List.of();
    private long retrieved;
    private long first;

    Making(AnswerRequest request, AnswerListener listener, long begun) {
      this.request = request;
      this.listener = listener;
      this.begun = begun;
    }

    void found(Found found) {
      retrieved = nanoTime.getAsLong();
      degraded.addAll(found.degraded());
      for (Passage passage : found.passages()) {
        if (Relevance.passes(request.question().text(), passage, config)) {
          relevant.add(passage);
        } else {
          left.add(new Left(passage.chunk(), Reason.FLOOR));
        }
      }
    }

    /** All of them, whole: nothing bounds what is quoted from. */
    void number() {
      List<NumberedPassage> numbered = new ArrayList<>();
      for (Passage passage : relevant) {
        numbered.add(
            new NumberedPassage(numbered.size() + 1, passage, passage.chunk().text(), false));
      }
      passages = List.copyOf(numbered);
      listener.passages(passages);
    }

    Answer generated(Generator by, Cancellation cancellation) {
      Packed packed = new PromptPacking(config, embedder.tokens()).pack(request, relevant);
      if (packed.passages().isEmpty()) {
        degraded.add(
            "the prompt has no room for a passage within %d tokens"
                .formatted(config.promptTokensMax()));
        number();
        return quoted();
      }
      packed.left().forEach(passage -> left.add(new Left(passage.chunk(), Reason.BUDGET)));
      passages = packed.passages();
      listener.passages(passages);
      CitationFilter filter = new CitationFilter(passages.size());
      try {
        Generation generation =
            by.generate(
                packed.prompt(),
                piece -> {
                  write(filter.feed(piece), request.streamed());
                  tell(filter);
                },
                cancellation);
        write(filter.finish(), request.streamed());
        tell(filter);
        if (!text.toString().isBlank()) {
          return written(by, packed, filter, generation);
        }
        degraded.add("the generator wrote nothing; the answer quotes the passages instead");
      } catch (ElanusException e) {
        boolean shown = request.streamed() && !text.isEmpty();
        if (e.code() == ErrorCode.CANCELED || shown) {
          throw e;
        }
        degraded.add(e.getMessage() + "; the answer quotes the passages instead");
      }
      text.setLength(0);
      told.clear();
      return quoted();
    }

    private Answer written(Generator by, Packed packed, CitationFilter filter, Generation all) {
      if (!request.streamed()) {
        listener.delta(text.toString());
      }
      String words = text.toString();
      boolean known = !words.strip().startsWith(PromptTemplate.UNKNOWN.replace(".", ""));
      TreeSet<Integer> cited = new TreeSet<>();
      filter.marks().forEach(mark -> cited.addAll(mark.numbers()));
      int promptTokens = all.promptTokens().orElse(packed.tokens());
      int textTokens = all.textTokens().orElseGet(() -> embedder.tokens().count(words));
      return new Answer(
          words,
          known ? Mode.GENERATED : Mode.UNKNOWN,
          by.model(),
          passages,
          List.copyOf(cited),
          List.of(),
          filter.unknown(),
          known ? Uncited.of(words, filter.marks()) : List.of(),
          List.copyOf(left),
          all.cut(),
          List.copyOf(degraded),
          new Answer.Usage(promptTokens, textTokens),
          timings());
    }

    /** Of the passages' own sentences, each with the number of its passage. */
    Answer quoted() {
      List<String> texts = passages.stream().map(one -> one.passage().chunk().text()).toList();
      Quoter.Quoted quoted = quoter.quote(request.question().text(), texts, config.quotesMax());
      if (!quoted.degraded().isEmpty()) {
        degraded.add(quoted.degraded());
      }
      if (quoted.quotes().isEmpty()) {
        return unknown();
      }
      List<Quotation> quotations = new ArrayList<>();
      TreeSet<Integer> cited = new TreeSet<>();
      for (Quote quote : quoted.quotes()) {
        NumberedPassage passage = passages.get(quote.passage());
        String sentence = quote.span().of(texts.get(quote.passage()));
        String between = text.isEmpty() ? "" : "\n";
        int start = text.length() + between.length();
        write(between + sentence + " [" + passage.number() + "]", true);
        cited.add(passage.number());
        tell(passage);
        quotations.add(
            new Quotation(
                passage.number(),
                quote.span(),
                new Span(start, start + sentence.length()),
                quote.score()));
      }
      return simple(Mode.EXTRACTIVE, List.copyOf(cited), quotations);
    }

    Answer unknown() {
      write(PromptTemplate.UNKNOWN, true);
      return simple(Mode.UNKNOWN, List.of(), List.of());
    }

    private Answer simple(Mode mode, List<Integer> cited, List<Quotation> quotations) {
      return new Answer(
          text.toString(),
          mode,
          "",
          passages,
          cited,
          List.copyOf(quotations),
          List.of(),
          List.of(),
          List.copyOf(left),
          false,
          List.copyOf(degraded),
          new Answer.Usage(0, 0),
          timings());
    }

    private void write(String piece, boolean show) {
      if (piece.isEmpty()) {
        return;
      }
      first = first == 0 ? nanoTime.getAsLong() : first;
      text.append(piece);
      if (show) {
        listener.delta(piece);
      }
    }

    private void tell(CitationFilter filter) {
      if (!request.streamed()) {
        return;
      }
      for (CitationFilter.Mark mark : filter.marks()) {
        mark.numbers().forEach(number -> tell(passages.get(number - 1)));
      }
    }

    private void tell(NumberedPassage passage) {
      if (told.add(passage.number())) {
        listener.citation(passage);
      }
    }

    private Answer.Timings timings() {
      long now = nanoTime.getAsLong();
      return new Answer.Timings(retrieved - begun, (first == 0 ? now : first) - begun, now - begun);
    }
  }
}
