package io.elanus.rag.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.export.ChunkPages.Exported;
import io.elanus.rag.export.ChunkPages.Wanted;
import io.elanus.rag.filter.Expression;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.Route;
import io.elanus.rag.http.StreamedReply;
import io.elanus.rag.knowledge.ChunkJson;
import io.elanus.rag.policy.MandatoryFilters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/export}: all chunks that the caller may see, one JSON object a line.
 *
 * <p>What can be refused is refused before the first line. What fails afterwards breaks the
 * connection off, so that nobody takes a part for the whole.
 */
public final class ExportRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ExportRoutes.class);
  private static final MediaType LINES = MediaType.parse("application/x-ndjson");
  private static final Set<String> KEYS = new TreeSet<>(List.of("collection", "filter", "vectors"));
  private static final int PAGE_BYTES = 1 << 18;

  /** A page is read and taken by the client within this time, or the export ends. */
  private static final Duration PAGE_MAX = Duration.ofMinutes(5);

  private final JsonFactory json = new JsonFactory();
  private final Database database;
  private final MandatoryFilters filters;
  private final String collection;
  private final Executor threads;

  /**
   * @param collection that is meant where none is named
   * @param threads virtual ones: an export holds one as long as its client reads
   */
  public ExportRoutes(
      Database database, MandatoryFilters filters, String collection, Executor threads) {
    this.database = database;
    this.filters = filters;
    this.collection = collection;
    this.threads = threads;
  }

  public List<Route> routes() {
    return List.of(Route.post("/v1/export", this::export));
  }

  private HttpResponse export(RagCall call) {
    ChunkPages pages = new ChunkPages(database, filters, call.caller(), wanted(call.body()));
    List<Exported> first = pages.next();
    StreamedReply reply = new StreamedReply();
    try {
      threads.execute(() -> write(pages, first, reply, call.context()));
    } catch (RejectedExecutionException e) {
      throw new ElanusException(ErrorCode.BUSY, "the server has too many calls waiting", e);
    }
    return reply.response();
  }

  private Wanted wanted(ObjectNode body) {
    for (var entry : body.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw bad("an export has no key %s; known are %s", entry.getKey(), KEYS);
      }
    }
    JsonNode named = body.path("collection");
    if (!named.isMissingNode() && !named.isTextual()) {
      throw bad("collection must be a text, got %s", named);
    }
    JsonNode vectors = body.path("vectors");
    if (!vectors.isMissingNode() && !vectors.isBoolean()) {
      throw bad("vectors must be true or false, got %s", vectors);
    }
    return new Wanted(
        named.asText(collection), Expression.own(body.path("filter")), vectors.asBoolean(false));
  }

  private static ElanusException bad(String sentence, Object... values) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence.formatted(values));
  }

  private void write(
      ChunkPages pages, List<Exported> first, StreamedReply reply, ServiceRequestContext context) {
    try {
      reply.open(LINES);
      for (List<Exported> page = first; !page.isEmpty(); page = pages.next()) {
        context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, PAGE_MAX);
        reply.write(lines(page));
      }
      reply.close();
    } catch (ElanusException e) {
      if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
        LOG.error("an export failed", e);
      }
      reply.abort(e);
    } catch (RuntimeException e) {
      LOG.error("an export failed by a bug", e);
      reply.abort(e);
    }
  }

  private byte[] lines(List<Exported> page) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(PAGE_BYTES);
    for (Exported one : page) {
      // A generator of its own for each line: one for all would put spaces between them.
      try (JsonGenerator out = json.createGenerator(bytes)) {
        out.writeStartObject();
        ChunkJson.words(out, one.chunk());
        ChunkJson.labels(out, one.chunk());
        out.writeNumberField("start_offset", one.chunk().start());
        out.writeNumberField("end_offset", one.chunk().end());
        out.writeStringField("document_hash", one.chunk().documentHash());
        float[] vector = one.vector();
        if (vector != null) {
          out.writeArrayFieldStart("vector");
          for (float value : vector) {
            out.writeNumber(value);
          }
          out.writeEndArray();
        }
        out.writeEndObject();
        out.writeRaw('\n');
      } catch (IOException e) {
        throw new UncheckedIOException("bytes in memory cannot be written", e);
      }
    }
    return bytes.toByteArray();
  }
}
