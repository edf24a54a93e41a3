package io.elanus.rag.answer.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.answer.Answer;
import io.elanus.rag.answer.AnswerListener;
import io.elanus.rag.answer.AnswerRequest;
import io.elanus.rag.answer.Answerer;
import io.elanus.rag.answer.NumberedPassage;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * {@code POST /v1/answer}: {@code question}, {@code collection}, and what a search takes; {@code
 * generate} (false: quote only), {@code max_tokens}, {@code stream}. A stream has the events {@code
 * passages}, {@code delta}, {@code citation} and at its end {@code done} with the whole answer, or
 * {@code error}.
 */
public final class AnswerRoutes {
  private static final int QUESTION_CHARS_MAX = 16_384;
  private static final int ANSWER_TOKENS_MAX = 32_768;

  private static final List<String> OWN = List.of("question", "generate", "max_tokens", "stream");

  private final Answerer answerer;
  private final QuestionReader questions;
  private final Executor executor;

  /**
   * @param executor where streams are written: virtual threads
   */
  public AnswerRoutes(Answerer answerer, QuestionReader questions, Executor executor) {
    this.answerer = answerer;
    this.questions = questions;
    this.executor = executor;
  }

  public List<Route> routes() {
    return List.of(Route.post("/v1/answer", this::answer));
  }

  private HttpResponse answer(RagCall call) {
    AnswerRequest request = request(call.body());
    if (!request.streamed()) {
      Answer answer =
          answerer.answer(
              call.caller(), request, AnswerListener.NONE, Streaming.cancellation(call.context()));
      return RagService.reply(AnswerJson.of(answer));
    }
    return Streaming.start(
        call.context(),
        executor,
        new Errors(),
        (stream, cancellation) -> {
          Answer answer = answerer.answer(call.caller(), request, new Events(stream), cancellation);
          stream.open().event("done", AnswerJson.of(answer).toString());
        });
  }

  private AnswerRequest request(ObjectNode body) {
    String text = text(body, "question", QUESTION_CHARS_MAX);
    return new AnswerRequest(
        questions.strict(body, OWN, text, answerer.config().topK()),
        text,
        List.of(),
        "",
        flag(body, "generate", true),
        number(body, "max_tokens", answerer.config().answerTokensMax(), ANSWER_TOKENS_MAX),
        flag(body, "stream", false));
  }

  static String text(ObjectNode body, String name, int charsMax) {
    JsonNode value = body.path(name);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw bad(name + " must be a text that is not empty");
    }
    if (value.asText().length() > charsMax) {
      throw bad("%s is longer than %d characters".formatted(name, charsMax));
    }
    return value.asText();
  }

  static boolean flag(ObjectNode body, String name, boolean absent) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw bad("%s must be true or false, got %s".formatted(name, value));
    }
    return value.asBoolean();
  }

  static int number(ObjectNode body, String name, int absent, int most) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
      throw bad("%s must be a whole number from 1 to %d, got %s".formatted(name, most, value));
    }
    return value.asInt();
  }

  static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }

  /** Errors as everywhere under {@code /v1/}. */
  private static final class Errors implements Streaming.Errors {
    @Override
    public HttpStatus status(ElanusException e) {
      return RagService.status(e.code());
    }

    @Override
    public String body(ElanusException e) {
      return RagService.error(e).toString();
    }

    @Override
    public void event(EventReply reply, ElanusException e) {
      reply.event("error", body(e));
    }
  }

  /** An answer as events. */
  private record Events(Streaming.Stream stream) implements AnswerListener {
    @Override
    public void passages(List<NumberedPassage> passages) {
      ObjectNode data = JsonNodeFactory.instance.objectNode();
      data.set("passages", AnswerJson.passages(passages));
      stream.open().event("passages", data.toString());
    }

    @Override
    public void delta(String text) {
      ObjectNode data = JsonNodeFactory.instance.objectNode().put("text", text);
      stream.open().event("delta", data.toString());
    }

    @Override
    public void citation(NumberedPassage passage) {
      stream.open().event("citation", AnswerJson.citation(passage).toString());
    }
  }
}
