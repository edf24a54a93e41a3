package io.elanus.rag.ingest.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.rag.ingest.DocumentKey;
import io.elanus.rag.ingest.DocumentRecord;
import io.elanus.rag.ingest.IngestJson;
import io.elanus.rag.ingest.IngestLimits;
import io.elanus.rag.ingest.Ingestion;
import io.elanus.rag.ingest.Submission;
import io.elanus.rag.knowledge.Chunk;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code /v1/documents} and {@code /v1/jobs}.
 *
 * <pre>
 * POST   /v1/documents?wait=true             JSON or multipart/form-data → 202 and a job; 200 when over
 * GET    /v1/documents?collection&amp;limit&amp;offset
 * GET    /v1/documents/{id}?collection&amp;text   the record; with text=true what was extracted
 * GET    /v1/documents/{id}/content?collection   the bytes
 * DELETE /v1/documents/{id}?collection
 * GET    /v1/jobs?limit  /v1/jobs/{id}?wait=true
 * DELETE /v1/jobs/{id}
 * </pre>
 */
public final class DocumentRoutes {
  private static final int PAGE = 100;
  private static final int PAGE_MAX = 1_000;

  /** Before the server's own patience ends. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(9);

  private final Ingestion ingestion;
  private final InstantSource clock;
  private final JsonSubmission json;
  private final FormSubmission form;
  private final String collectionDefault;

  /**
   * @param collectionDefault that is meant where none is named
   */
  public DocumentRoutes(
      Ingestion ingestion, IngestLimits limits, InstantSource clock, String collectionDefault) {
    this.ingestion = ingestion;
    this.clock = clock;
    this.collectionDefault = collectionDefault;
    LabelsReader labels = new LabelsReader(limits);
    json = new JsonSubmission(labels, collectionDefault);
    form = new FormSubmission(labels, collectionDefault);
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/v1/documents", this::submit),
        Route.get("/v1/documents", this::list),
        Route.get("/v1/documents/{id}", this::show),
        Route.get("/v1/documents/{id}/content", this::content),
        Route.delete("/v1/documents/{id}", this::delete),
        Route.get("/v1/jobs", this::jobs),
        Route.get("/v1/jobs/{id}", this::job),
        Route.delete("/v1/jobs/{id}", this::cancel));
  }

  /** Documents in the JSON that is posted, for others that take them in the same words. */
  public Submission submission(ObjectNode body) {
    return json.read(body);
  }

  private HttpResponse submit(RagCall call) {
    Submission submission =
        FormSubmission.is(call.request()) ? form.read(call.request()) : json.read(call.body());
    Ingestion.Ticket ticket = ingestion.submit(call.caller(), submission);
    if (asked(call, "wait")) {
      await(ticket);
    }
    return RagService.reply(ticket.isOver() ? HttpStatus.OK : HttpStatus.ACCEPTED, ticket.shown());
  }

  private void await(Ingestion.Ticket ticket) {
    try {
      ticket.await(clock.instant().plus(WAIT_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping; the job goes on", e);
    }
  }

  private HttpResponse list(RagCall call) {
    int limit = number(call, "limit", PAGE);
    if (limit < 1 || limit > PAGE_MAX) {
      throw LabelsReader.bad("limit is from 1 to %d, got %d".formatted(PAGE_MAX, limit));
    }
    ObjectNode body = IngestJson.object();
    ArrayNode documents = body.putArray("documents");
    for (Chunk chunk :
        ingestion.documents(call.caller(), collection(call), number(call, "offset", 0), limit)) {
      ObjectNode one = documents.addObject();
      one.put("id", DocumentKey.of(0, chunk.sourceId()).id());
      one.put("source_id", chunk.sourceId());
      one.put("title", chunk.title());
      one.put("hash", chunk.documentHash());
      chunk.tags().forEach(one.putArray("tags")::add);
      one.put("timestamp", Instant.ofEpochMilli(chunk.timestampMillis()).toString());
      one.set("metadata", IngestJson.tree(chunk.metadata()));
    }
    return RagService.reply(body);
  }

  private HttpResponse show(RagCall call) {
    Optional<DocumentRecord> record = record(call);
    if (record.isEmpty()) {
      return noDocument(call);
    }
    DocumentRecord found = record.get();
    ObjectNode body = IngestJson.object();
    body.put("id", found.id());
    body.put("source_id", found.labels().sourceId());
    body.put("title", found.title());
    body.put("name", found.labels().name());
    body.put("content_type", found.labels().contentType());
    found.labels().tags().forEach(body.putArray("tags")::add);
    body.put("timestamp", Instant.ofEpochMilli(found.timestampMillis()).toString());
    body.set("metadata", IngestJson.tree(found.labels().metadata()));
    body.put("hash", found.hash());
    body.put("bytes", found.bytes());
    body.put("characters", found.characters());
    body.put("chunks", found.chunks());
    body.set("settings", IngestJson.write(found.settings()));
    body.put("ingested", Instant.ofEpochMilli(found.ingestedMillis()).toString());
    if (asked(call, "text")) {
      body.put("text", ingestion.text(found));
    }
    return RagService.reply(body);
  }

  /** Never shown by a browser as a page of this server's. */
  private HttpResponse content(RagCall call) {
    Optional<DocumentRecord> record = record(call);
    if (record.isEmpty()) {
      return noDocument(call);
    }
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.OCTET_STREAM)
            .set(HttpHeaderNames.CONTENT_DISPOSITION, "attachment")
            .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
            .build(),
        HttpData.wrap(ingestion.content(record.get())));
  }

  private Optional<DocumentRecord> record(RagCall call) {
    return ingestion.document(call.caller(), collection(call), call.path("id"));
  }

  private HttpResponse delete(RagCall call) {
    OptionalInt chunks = ingestion.delete(call.caller(), collection(call), call.path("id"));
    if (chunks.isEmpty()) {
      return noDocument(call);
    }
    return RagService.reply(
        IngestJson.object().put("id", call.path("id")).put("chunks", chunks.getAsInt()));
  }

  private HttpResponse jobs(RagCall call) {
    ObjectNode body = IngestJson.object();
    body.set(
        "jobs",
        ingestion.jobs(call.caller(), Math.clamp(number(call, "limit", PAGE), 1, PAGE_MAX)));
    return RagService.reply(body);
  }

  private HttpResponse job(RagCall call) {
    Optional<Ingestion.Ticket> ticket = ingestion.ticket(call.caller(), call.path("id"));
    if (ticket.isEmpty()) {
      return noJob(call);
    }
    if (asked(call, "wait")) {
      await(ticket.get());
    }
    return RagService.reply(ticket.get().shown());
  }

  private HttpResponse cancel(RagCall call) {
    return ingestion
        .cancel(call.caller(), call.path("id"))
        .map(RagService::reply)
        .orElseGet(() -> noJob(call));
  }

  private String collection(RagCall call) {
    String named = call.context().queryParam("collection");
    return named == null ? collectionDefault : named;
  }

  private static boolean asked(RagCall call, String parameter) {
    String value = call.context().queryParam(parameter);
    if (value != null && !value.equals("true") && !value.equals("false")) {
      throw LabelsReader.bad("%s must be true or false, got %s".formatted(parameter, value));
    }
    return "true".equals(value);
  }

  private static int number(RagCall call, String parameter, int absent) {
    return LabelsReader.number(parameter, call.context().queryParam(parameter), absent);
  }

  private HttpResponse noDocument(RagCall call) {
    return notFound(
        "there is no document %s in %s; GET /v1/documents lists them"
            .formatted(shortened(call.path("id")), collection(call)));
  }

  private static HttpResponse noJob(RagCall call) {
    return notFound(
        "there is no job %s; GET /v1/jobs lists them".formatted(shortened(call.path("id"))));
  }

  private static HttpResponse notFound(String message) {
    return RagService.reply(
        HttpStatus.NOT_FOUND,
        RagService.error(new ElanusException(ErrorCode.INVALID_ARGUMENT, message)));
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
