package io.elanus.rag.answer.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.answer.quote.Words;
import io.elanus.rag.generate.Prompt.Message;
import io.elanus.rag.generate.Prompt.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A request in OpenAI's shape. The last user's message is the question; earlier turns go to the
 * generator as they are, as far as the prompt has room. For the search a question of fewer than
 * {@value #WORDS_MIN} words ("and on Windows?") is put behind the user's message before it; longer
 * ones stand alone. The client's system messages become instructions beside the template's.
 *
 * @param collection where is looked: {@code collection}, or else what {@code model} names
 * @param search what is looked for
 * @param usage whether a stream tells its count of tokens
 */
record ChatRequest(
    String model,
    String collection,
    String question,
    String search,
    List<Message> history,
    String instructions,
    int tokensMax,
    boolean stream,
    boolean usage) {
  private static final int WORDS_MIN = 4;
  private static final int MESSAGES_MAX = 1_000;
  private static final int CHARS_MAX = 1 << 20;
  private static final int QUESTION_CHARS_MAX = 16_384;
  private static final int TOKENS_MAX = 32_768;

  /** What would change the answer's shape and is not offered. */
  private static final List<String> REFUSED =
      List.of("tools", "functions", "logprobs", "stop", "audio", "modalities", "prediction");

  static ChatRequest of(ObjectNode body, int tokensAbsent) {
    refuse(body);
    String model = AnswerRoutes.text(body, "model", 1024);
    String collection =
        body.hasNonNull("collection") ? AnswerRoutes.text(body, "collection", 1024) : model;
    List<Message> turns = turns(body.path("messages"));
    String instructions = instructions(turns);
    List<Message> said = turns.stream().filter(turn -> turn.role() != Role.SYSTEM).toList();
    if (said.isEmpty() || said.getLast().role() != Role.USER || said.getLast().text().isBlank()) {
      throw AnswerRoutes.bad("the last of messages must be the user's question");
    }
    String question = said.getLast().text();
    if (question.length() > QUESTION_CHARS_MAX) {
      throw AnswerRoutes.bad(
          "the question is longer than %d characters".formatted(QUESTION_CHARS_MAX));
    }
    List<Message> history = said.subList(0, said.size() - 1);
    String tokens =
        body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return new ChatRequest(
        model,
        collection,
        question,
        search(question, history),
        history,
        instructions,
        AnswerRoutes.number(body, tokens, tokensAbsent, TOKENS_MAX),
        AnswerRoutes.flag(body, "stream", false),
        body.path("stream_options").path("include_usage").asBoolean(false));
  }

  private static void refuse(ObjectNode body) {
    for (String name : REFUSED) {
      JsonNode value = body.path(name);
      boolean empty =
          value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty();
      if (!empty && !(value.isBoolean() && !value.asBoolean())) {
        throw AnswerRoutes.bad(name + " is not offered here; leave it out");
      }
    }
    if (body.path("n").asInt(1) != 1) {
      throw AnswerRoutes.bad("n must be 1, got " + body.path("n"));
    }
    JsonNode format = body.path("response_format").path("type");
    if (!format.isMissingNode() && !"text".equals(format.asText())) {
      throw AnswerRoutes.bad("response_format must be text, got " + format);
    }
  }

  private static List<Message> turns(JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty() || messages.size() > MESSAGES_MAX) {
      throw AnswerRoutes.bad("messages must be a list of 1 to %d".formatted(MESSAGES_MAX));
    }
    List<Message> turns = new ArrayList<>();
    int chars = 0;
    for (JsonNode message : messages) {
      Role role =
          switch (message.path("role").asText()) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default ->
                throw AnswerRoutes.bad(
                    "a message's role must be system, developer, user or assistant, got "
                        + message.path("role"));
          };
      String text = content(message.path("content"));
      chars += text.length();
      if (chars > CHARS_MAX) {
        throw AnswerRoutes.bad("messages hold more than %d characters".formatted(CHARS_MAX));
      }
      turns.add(new Message(role, text));
    }
    return turns;
  }

  /** A text, or parts that are texts. */
  private static String content(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    if (!content.isArray()) {
      throw AnswerRoutes.bad("a message's content must be a text or a list of texts");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!"text".equals(part.path("type").asText()) || !part.path("text").isTextual()) {
        throw AnswerRoutes.bad(
            "a message's content may hold text only, got a part of type " + part.path("type"));
      }
      text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asText());
    }
    return text.toString();
  }

  private static String instructions(List<Message> turns) {
    return String.join(
        "\n",
        turns.stream()
            .filter(turn -> turn.role() == Role.SYSTEM)
            .map(Message::text)
            .filter(text -> !text.isBlank())
            .toList());
  }

  private static String search(String question, List<Message> history) {
    if (Words.of(question).size() >= WORDS_MIN) {
      return question;
    }
    for (Message turn : history.reversed()) {
      if (turn.role() == Role.USER && !turn.text().isBlank()) {
        String joined = turn.text() + "\n" + question;
        return joined.substring(Math.max(0, joined.length() - QUESTION_CHARS_MAX));
      }
    }
    return question;
  }
}
