package io.elanus.rag.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.ingest.DocumentKey;
import io.elanus.rag.ingest.DocumentRecord;
import io.elanus.rag.ingest.Ingestion;
import io.elanus.rag.ingest.Submission;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.retrieve.route.SearchRoutes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What the tools do. Arguments and results are JSON; results are bounded, and say where to go on.
 * Each call is made as its caller: what that one may not see is in no result.
 */
public final class KnowledgeTools {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TOP_K = 5;
  private static final int TOP_K_MAX = 50;
  private static final int PASSAGE_CHARS_MAX = 8_000;
  private static final int RESULT_CHARS_MAX = 60_000;
  private static final int PAGE = 50;
  private static final int PAGE_MAX = 200;
  private static final int FETCH_CHARS = 20_000;
  private static final int FETCH_CHARS_MAX = 60_000;
  private static final Duration INGEST_WAIT = Duration.ofMinutes(5);

  private final Retriever retriever;
  private final Ingestion ingestion;
  private final Function<ObjectNode, Submission> submissions;
  private final String collection;
  private final InstantSource clock;

  /**
   * @param submissions reads the body of {@code POST /v1/documents}
   * @param collection that is meant where none is named
   * @param clock for how long an ingestion is waited for
   */
  public KnowledgeTools(
      Retriever retriever,
      Ingestion ingestion,
      Function<ObjectNode, Submission> submissions,
      String collection,
      InstantSource clock) {
    this.retriever = retriever;
    this.ingestion = ingestion;
    this.submissions = submissions;
    this.collection = collection;
    this.clock = clock;
  }

  /** Fails with {@code ElanusException}. */
  public ObjectNode call(Caller caller, ToolKind tool, ObjectNode arguments) {
    return switch (tool) {
      case SEARCH -> search(caller, arguments);
      case INGEST -> ingest(caller, arguments);
      case LIST -> list(caller, arguments);
      case FETCH -> fetch(caller, arguments);
    };
  }

  private ObjectNode search(Caller caller, ObjectNode arguments) {
    ObjectNode body = arguments.deepCopy();
    body.put("top_k", number(arguments, "top_k", TOP_K, 1, TOP_K_MAX));
    Question question = SearchRoutes.question(body, collection, false);
    Found found = retriever.find(caller, question);
    ObjectNode result = JSON.createObjectNode();
    ArrayNode hits = result.putArray("hits");
    int room = RESULT_CHARS_MAX;
    for (Passage passage : found.passages()) {
      Chunk chunk = passage.chunk();
      String text = cut(chunk.text(), Math.min(room, PASSAGE_CHARS_MAX));
      room -= text.length();
      ObjectNode hit =
          hits.addObject()
              .put("document_id", DocumentKey.of(0, chunk.sourceId()).id())
              .put("source_id", chunk.sourceId())
              .put("title", chunk.title())
              .put("heading", chunk.heading())
              .put("chunk_index", chunk.index())
              .put("score", passage.score())
              .put("start", chunk.start())
              .put("text", text);
      if (text.length() < chunk.text().length()) {
        hit.put("cut", true);
      }
    }
    sentences(result, found);
    return result;
  }

  private static void sentences(ObjectNode result, Found found) {
    if (!found.degraded().isEmpty()) {
      ArrayNode degraded = result.putArray("degraded");
      found.degraded().forEach(degraded::add);
    }
  }

  private ObjectNode ingest(Caller caller, ObjectNode arguments) {
    Ingestion.Ticket ticket = ingestion.submit(caller, submissions.apply(arguments));
    try {
      ticket.await(clock.instant().plus(INGEST_WAIT));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping; the job goes on", e);
    }
    return ticket.shown();
  }

  private ObjectNode list(Caller caller, ObjectNode arguments) {
    int offset = number(arguments, "offset", 0, 0, Integer.MAX_VALUE - PAGE_MAX);
    int limit = number(arguments, "limit", PAGE, 1, PAGE_MAX);
    ObjectNode result = JSON.createObjectNode();
    ArrayNode documents = result.putArray("documents");
    for (Chunk chunk : ingestion.documents(caller, collection(arguments), offset, limit)) {
      ObjectNode one =
          documents
              .addObject()
              .put("document_id", DocumentKey.of(0, chunk.sourceId()).id())
              .put("source_id", chunk.sourceId())
              .put("title", chunk.title())
              .put("timestamp", Instant.ofEpochMilli(chunk.timestampMillis()).toString());
      chunk.tags().forEach(one.putArray("tags")::add);
    }
    if (documents.size() == limit) {
      result.put("next_offset", offset + limit);
    }
    return result;
  }

  private ObjectNode fetch(Caller caller, ObjectNode arguments) {
    boolean bySource = arguments.hasNonNull("source_id");
    if (bySource == arguments.hasNonNull("document_id")) {
      throw bad("fetch needs either document_id or source_id");
    }
    String id =
        bySource
            ? DocumentKey.of(0, text(arguments, "source_id")).id()
            : text(arguments, "document_id");
    DocumentRecord record =
        ingestion
            .document(caller, collection(arguments), id)
            .orElseThrow(
                () ->
                    bad(
                        "there is no such document in %s; the tool list shows which there are"
                            .formatted(collection(arguments))));
    String text = ingestion.text(record);
    int offset = Math.min(number(arguments, "offset", 0, 0, Integer.MAX_VALUE), text.length());
    int length = number(arguments, "length", FETCH_CHARS, 1, FETCH_CHARS_MAX);
    String part = cut(text.substring(offset), length);
    ObjectNode result =
        JSON.createObjectNode()
            .put("document_id", record.id())
            .put("source_id", record.labels().sourceId())
            .put("title", record.title())
            .put("offset", offset)
            .put("total_chars", text.length())
            .put("text", part);
    if (offset + part.length() < text.length()) {
      result.put("next_offset", offset + part.length());
    }
    return result;
  }

  private String collection(ObjectNode arguments) {
    return arguments.hasNonNull("collection") ? text(arguments, "collection") : collection;
  }

  private static String text(ObjectNode arguments, String name) {
    JsonNode value = arguments.path(name);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw bad(name + " must be a text");
    }
    return value.asText();
  }

  private static int number(ObjectNode arguments, String name, int absent, int least, int most) {
    JsonNode value = arguments.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > most) {
      throw bad(
          "%s must be a whole number from %d to %d, got %s".formatted(name, least, most, value));
    }
    return value.asInt();
  }

  /** Never inside of a character. */
  private static String cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    int end = charsMax;
    if (end > 1 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }
}
