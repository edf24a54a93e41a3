package io.elanus.rag.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.rag.chunk.ChunkSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents handed in together, and what became of them. Guarded by the lock of {@link JobBoard}.
 * It lies as JSON under {@code job/ID}: head, counts, sentences, and the documents that are not
 * done yet with where their bytes are.
 */
final class Job {
  /** Under which they lie. */
  static final String FOLDER = "job/";

  /** Where a job stands. */
  enum State {
    QUEUED,
    RUNNING,
    DONE,
    CANCELED
  }

  /** Of the job as a whole. */
  record Head(
      String id,
      Caller owner,
      String collection,
      long shelf,
      ChunkSettings settings,
      List<String> notes,
      int documents,
      long createdMillis) {}

  /** A sentence about one document. */
  record Trouble(String sourceId, String code, String message) {}

  final Head head;
  private final int errorsKept;

  /** What is not done yet, by its number. */
  private final Map<Integer, Work> open = new HashMap<>();

  /** Bytes that nobody needs once the state of now is durable. */
  private final List<String> droppable = new ArrayList<>();

  private final List<Trouble> troubles = new ArrayList<>();
  private final Map<Outcome.Kind, Integer> counts = new HashMap<>();
  private int embedded;
  private int kept;
  private int deleted;
  private boolean begun;
  private boolean canceled;
  private boolean settled;
  private long finishedMillis;
  private String waiting = "";

  Job(Head head, List<Work> works, int errorsKept) {
    this.head = head;
    this.errorsKept = errorsKept;
    works.forEach(work -> open.put(work.number(), work));
  }

  State state() {
    if (canceled) {
      return State.CANCELED;
    }
    return settled ? State.DONE : begun ? State.RUNNING : State.QUEUED;
  }

  /** That it is over is durable. */
  void settle() {
    settled = true;
  }

  boolean isSettled() {
    return settled;
  }

  boolean isOver() {
    return open.isEmpty();
  }

  boolean isCanceled() {
    return canceled;
  }

  List<Work> open() {
    return open.values().stream().sorted((a, b) -> a.number() - b.number()).toList();
  }

  void begin() {
    begun = true;
  }

  void cancel() {
    canceled = true;
  }

  /** A sentence about why it does not go on, or empty. */
  void waiting(String sentence) {
    waiting = sentence;
  }

  /** Counts an outcome that needed no work. */
  void count(String sourceId, Outcome outcome, long nowMillis) {
    counts.merge(outcome.kind(), 1, Integer::sum);
    embedded += outcome.embedded();
    kept += outcome.kept();
    deleted += outcome.deleted();
    boolean trouble =
        outcome.kind() == Outcome.Kind.FAILED || outcome.kind() == Outcome.Kind.CANCELED;
    if (trouble && !outcome.message().isEmpty() && troubles.size() < errorsKept) {
      troubles.add(new Trouble(sourceId, outcome.code(), outcome.message()));
    }
    if (open.isEmpty()) {
      finishedMillis = nowMillis;
    }
  }

  /** False where it was done already. */
  boolean finish(Work work, Outcome outcome, long nowMillis) {
    if (open.remove(work.number()) == null) {
      return false;
    }
    waiting = "";
    if (outcome.kind() != Outcome.Kind.INGESTED) {
      droppable.add(work.contentKey());
    }
    count(work.labels().sourceId(), outcome, nowMillis);
    return true;
  }

  List<String> takeDroppable() {
    List<String> all = List.copyOf(droppable);
    droppable.clear();
    return all;
  }

  /** For clients. */
  ObjectNode shown() {
    ObjectNode json = IngestJson.object();
    json.put("id", head.id);
    json.put("state", state().name().toLowerCase(java.util.Locale.ROOT));
    json.put("collection", head.collection);
    json.set("settings", IngestJson.write(head.settings));
    head.notes.forEach(json.putArray("notes")::add);
    ObjectNode documents = json.putObject("documents");
    documents.put("total", head.documents);
    documents.put("done", head.documents - open.size());
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      documents.put(kind.name().toLowerCase(java.util.Locale.ROOT), counts.getOrDefault(kind, 0));
    }
    json.putObject("chunks").put("embedded", embedded).put("kept", kept).put("deleted", deleted);
    ArrayNode errors = json.putArray("errors");
    for (Trouble trouble : troubles) {
      errors
          .addObject()
          .put("source_id", trouble.sourceId)
          .put("code", trouble.code)
          .put("message", trouble.message);
    }
    if (!waiting.isEmpty()) {
      json.put("waiting", waiting);
    }
    json.put("created", Instant.ofEpochMilli(head.createdMillis).toString());
    if (settled) {
      json.put("finished", Instant.ofEpochMilli(finishedMillis).toString());
    }
    return json;
  }

  byte[] toJson() {
    ObjectNode json = IngestJson.object();
    json.put("id", head.id);
    json.set("owner", OwnerJson.write(head.owner));
    json.put("collection", head.collection);
    json.put("collection_id", head.shelf);
    json.set("settings", IngestJson.write(head.settings));
    head.notes.forEach(json.putArray("notes")::add);
    json.put("documents", head.documents);
    json.put("created", head.createdMillis);
    json.put("canceled", canceled);
    json.put("begun", begun);
    json.put("finished", finishedMillis);
    json.put("embedded", embedded);
    json.put("kept", kept);
    json.put("deleted", deleted);
    ObjectNode counted = json.putObject("counts");
    counts.forEach((kind, n) -> counted.put(kind.name(), n));
    ArrayNode errors = json.putArray("errors");
    troubles.forEach(t -> errors.addArray().add(t.sourceId()).add(t.code()).add(t.message()));
    ArrayNode works = json.putArray("open");
    for (Work work : open()) {
      ObjectNode one = works.addObject();
      one.put("number", work.number());
      one.set("labels", IngestJson.write(work.labels()));
      one.put("hash", work.hash());
      one.put("bytes", work.bytes());
      one.put("content", work.contentKey());
    }
    return IngestJson.bytes(json);
  }

  static Job read(byte[] bytes, int errorsKept) {
    ObjectNode json = IngestJson.object(bytes, "the record of a job");
    List<String> notes = new ArrayList<>();
    json.path("notes").forEach(note -> notes.add(note.asText()));
    Head head =
        new Head(
            json.path("id").asText(),
            OwnerJson.read(json.path("owner")),
            json.path("collection").asText(),
            json.path("collection_id").asLong(),
            IngestJson.settings(json.path("settings")),
            notes,
            json.path("documents").asInt(),
            json.path("created").asLong());
    List<Work> works = new ArrayList<>();
    for (JsonNode one : json.path("open")) {
      works.add(
          new Work(
              head.id,
              one.path("number").asInt(),
              head.owner,
              head.shelf,
              head.settings,
              IngestJson.labels(one.path("labels")),
              one.path("hash").asText(),
              one.path("bytes").asInt(),
              one.path("content").asText()));
    }
    Job job = new Job(head, works, errorsKept);
    job.canceled = json.path("canceled").asBoolean();
    job.begun = json.path("begun").asBoolean();
    job.finishedMillis = json.path("finished").asLong();
    job.embedded = json.path("embedded").asInt();
    job.kept = json.path("kept").asInt();
    job.deleted = json.path("deleted").asInt();
    job.settled = job.isOver();
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      @Nullable JsonNode n = json.path("counts").get(kind.name());
      if (n != null) {
        job.counts.put(kind, n.asInt());
      }
    }
    for (JsonNode error : json.path("errors")) {
      job.troubles.add(
          new Trouble(error.path(0).asText(), error.path(1).asText(), error.path(2).asText()));
    }
    return job;
  }
}
