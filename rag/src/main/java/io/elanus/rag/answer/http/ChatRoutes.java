package io.elanus.rag.answer.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.CollectionInfo;
import io.elanus.rag.answer.Answer;
import io.elanus.rag.answer.AnswerListener;
import io.elanus.rag.answer.AnswerRequest;
import io.elanus.rag.answer.Answerer;
import io.elanus.rag.answer.NumberedPassage;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.rag.knowledge.KnowledgeSchema;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * {@code POST /v1/chat/completions} and {@code GET /v1/models} in OpenAI's shape: a model is a
 * collection of chunks, by its name. Beside OpenAI's fields an answer has {@code citations}, and
 * under {@code elanus} what else is known of it; in a stream, the last piece has them. {@code
 * temperature}, {@code top_p}, {@code seed} and the like are the generator's configuration and
 * change nothing here.
 */
public final class ChatRoutes {
  private final Answerer answerer;
  private final Database database;
  private final QuestionReader questions;
  private final Executor executor;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param executor where streams are written: virtual threads
   * @param clock for {@code created}
   * @param random for ids; safe for many threads
   */
  public ChatRoutes(
      Answerer answerer,
      Database database,
      QuestionReader questions,
      Executor executor,
      InstantSource clock,
      RandomGenerator random) {
    this.answerer = answerer;
    this.database = database;
    this.questions = questions;
    this.executor = executor;
    this.clock = clock;
    this.random = random;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/v1/chat/completions", call -> shaped(call, this::complete)),
        Route.get("/v1/models", call -> shaped(call, this::models)),
        Route.get("/v1/models/{model}", call -> shaped(call, this::model)));
  }

  private static HttpResponse shaped(RagCall call, Route.Handler handler) {
    try {
      return handler.handle(call);
    } catch (ElanusException e) {
      if (e.code().kind() == ErrorCode.Kind.INTERNAL || e.code().kind() == ErrorCode.Kind.CORRUPT) {
        throw e;
      }
      return RagService.reply(RagService.status(e.code()), error(e));
    }
  }

  private HttpResponse complete(RagCall call) {
    ObjectNode body = call.body();
    ChatRequest chat = ChatRequest.of(body, answerer.config().answerTokensMax());
    body.put("collection", chat.collection());
    AnswerRequest request =
        new AnswerRequest(
            questions.lenient(body, chat.search(), answerer.config().topK()),
            chat.question(),
            chat.history(),
            chat.instructions(),
            true,
            chat.tokensMax(),
            chat.stream());
    Head head =
        new Head(
            "chatcmpl-%016x".formatted(random.nextLong()),
            clock.instant().getEpochSecond(),
            chat.model());
    if (!chat.stream()) {
      Answer answer =
          answerer.answer(
              call.caller(), request, AnswerListener.NONE, Streaming.cancellation(call.context()));
      return RagService.reply(whole(head, answer));
    }
    return Streaming.start(
        call.context(),
        executor,
        new Errors(),
        (stream, cancellation) -> {
          Pieces pieces = new Pieces(stream, head);
          Answer answer = answerer.answer(call.caller(), request, pieces, cancellation);
          pieces.end(answer, chat.usage());
        });
  }

  /** What all pieces of one completion share. */
  private record Head(String id, long created, String model) {
    ObjectNode node(String object) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("id", id)
          .put("object", object)
          .put("created", created)
          .put("model", model);
    }
  }

  private static ObjectNode whole(Head head, Answer answer) {
    ObjectNode body = head.node("chat.completion");
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", answer.text());
    choice.putNull("logprobs").put("finish_reason", finish(answer));
    body.set("usage", usage(answer));
    return extended(body, answer);
  }

  private static ObjectNode extended(ObjectNode body, Answer answer) {
    body.set("citations", AnswerJson.citations(answer));
    ObjectNode more = AnswerJson.of(answer);
    more.remove(List.of("answer", "citations", "usage"));
    body.set("elanus", more);
    return body;
  }

  private static String finish(Answer answer) {
    return answer.cut() ? "length" : "stop";
  }

  private static ObjectNode usage(Answer answer) {
    Answer.Usage usage = answer.usage();
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", usage.promptTokens())
        .put("completion_tokens", usage.answerTokens())
        .put("total_tokens", usage.promptTokens() + usage.answerTokens());
  }

  /** An answer as pieces of a completion. */
  private static final class Pieces implements AnswerListener {
    private final Streaming.Stream stream;
    private final Head head;

    Pieces(Streaming.Stream stream, Head head) {
      this.stream = stream;
      this.head = head;
    }

    @Override
    public void passages(List<NumberedPassage> passages) {
      ObjectNode piece = piece();
      delta(piece).put("role", "assistant").put("content", "");
      stream.open().data(piece.toString());
    }

    @Override
    public void delta(String text) {
      ObjectNode piece = piece();
      delta(piece).put("content", text);
      stream.open().data(piece.toString());
    }

    @Override
    public void citation(NumberedPassage passage) {
      // The last piece has them all; a piece of its own would be none of OpenAI's.
    }

    void end(Answer answer, boolean usage) {
      ObjectNode last = piece();
      delta(last);
      ((ObjectNode) last.path("choices").path(0)).put("finish_reason", finish(answer));
      stream.open().data(extended(last, answer).toString());
      if (usage) {
        ObjectNode count = head.node("chat.completion.chunk");
        count.putArray("choices");
        count.set("usage", usage(answer));
        stream.open().data(count.toString());
      }
      stream.open().data("[DONE]");
    }

    private ObjectNode piece() {
      ObjectNode piece = head.node("chat.completion.chunk");
      ObjectNode choice = piece.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta");
      choice.putNull("finish_reason");
      return piece;
    }

    private static ObjectNode delta(ObjectNode piece) {
      return (ObjectNode) piece.path("choices").path(0).path("delta");
    }
  }

  private HttpResponse models(RagCall call) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = body.putArray("data");
    for (CollectionInfo collection : database.collections().list(call.caller())) {
      if (KnowledgeSchema.isOne(collection)) {
        data.add(model(collection));
      }
    }
    return RagService.reply(body);
  }

  private HttpResponse model(RagCall call) {
    CollectionInfo collection = database.collections().describe(call.caller(), call.path("model"));
    KnowledgeSchema.model(collection);
    return RagService.reply(model(collection));
  }

  private static ObjectNode model(CollectionInfo collection) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", collection.name())
        .put("object", "model")
        .put("created", Instant.ofEpochMilli(collection.createdTimestamp() >> 18).getEpochSecond())
        .put("owned_by", "elanus");
  }

  /** An error in OpenAI's shape. */
  static ObjectNode error(ElanusException e) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", e.getMessage())
        .put("type", type(e.code()))
        .putNull("param")
        .put(
            "code",
            e.code() == ErrorCode.COLLECTION_NOT_FOUND
                ? "model_not_found"
                : e.code().name().toLowerCase(Locale.ROOT));
    return body;
  }

  private static String type(ErrorCode code) {
    return switch (code) {
      case NOT_AUTHENTICATED -> "authentication_error";
      case NOT_PERMITTED -> "permission_error";
      case BUSY -> "rate_limit_error";
      default -> code.kind() == ErrorCode.Kind.USER ? "invalid_request_error" : "server_error";
    };
  }

  /** Errors in OpenAI's shape, before and in a stream. */
  private static final class Errors implements Streaming.Errors {
    @Override
    public HttpStatus status(ElanusException e) {
      return RagService.status(e.code());
    }

    @Override
    public String body(ElanusException e) {
      return error(e).toString();
    }

    @Override
    public void event(EventReply reply, ElanusException e) {
      reply.data(body(e));
    }
  }
}
