package io.elanus.app.rag;

import io.elanus.model.Database;
import io.elanus.rag.answer.Answerer;
import io.elanus.rag.answer.http.AnswerRoutes;
import io.elanus.rag.answer.http.ChatRoutes;
import io.elanus.rag.answer.http.QuestionReader;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.generate.ChatGenerator;
import io.elanus.rag.generate.Generator;
import io.elanus.rag.http.Route;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.telemetry.SeenGenerator;
import io.elanus.rag.telemetry.Telemetry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Answers: the generator, where one is configured, and the routes. */
public final class AnswerParts implements AutoCloseable {
  private final Optional<Generator> generator;
  private final List<Route> routes = new ArrayList<>();

  private AnswerParts(Optional<Generator> generator) {
    this.generator = generator;
  }

  /**
   * @param questions how bodies of requests are read
   * @param calls where streams are written: virtual threads
   */
  public static AnswerParts start(
      AnswerSettings settings,
      GeneratorSettings generating,
      Database database,
      Retriever retriever,
      Embedder embedder,
      QuestionReader questions,
      Executor calls,
      InstantSource clock,
      Telemetry telemetry) {
    SecureRandom random = new SecureRandom();
    Optional<Generator> generator =
        generating
            .config()
            .<Generator>map(config -> new ChatGenerator(config, calls, System::nanoTime, random))
            .map(chat -> new SeenGenerator(chat, telemetry));
    AnswerParts parts = new AnswerParts(generator);
    Answerer answerer =
        new Answerer(retriever, embedder, generator, settings.config(), System::nanoTime);
    parts.routes.addAll(new AnswerRoutes(answerer, questions, calls).routes());
    parts.routes.addAll(
        new ChatRoutes(answerer, database, questions, calls, clock, random).routes());
    return parts;
  }

  public List<Route> routes() {
    return routes;
  }

  @Override
  public void close() {
    generator.ifPresent(Generator::close);
  }
}
