package io.elanus.rag.reembed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Model;
import io.elanus.rag.reembed.shadow.Judged;
import io.elanus.rag.reembed.shadow.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One re-embedding: what was asked for, how far it is, what was measured. It lies as JSON under
 * {@code reembedding/ID}. Its numbers are guarded by itself, the two collections by {@link #turn}.
 */
final class Reembedding {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int JUDGED_MAX = 20;

  /**
   * What does not change.
   *
   * @param aside the name of whichever of both does not have the say
   * @param shelf the number of the documents
   * @param first the id of the collection that was there
   * @param keep how long the old vectors stay after a switch; zero for until they are dropped
   */
  record Head(
      String id,
      Caller owner,
      String collection,
      String aside,
      long shelf,
      long first,
      Model from,
      Model to,
      int textsPerSecond,
      Duration keep,
      List<String> notes,
      long createdMillis) {}

  final Head head;
  final Tally tally = new Tally();

  /** Held by whoever works on the collections, page by page; fair. */
  final ReentrantLock turn = new ReentrantLock(true);

  private final List<Judged> judged = new ArrayList<>();
  private State state = State.RUNNING;
  private long second;
  private String sentence = "";
  private String waiting = "";
  private String cursor = "";
  private long rows;
  private long done;
  private long embedded;
  private long written;
  private long deleted;
  private long passes;
  private long readyMillis;
  private long switchedMillis;
  private long overMillis;

  Reembedding(Head head) {
    this.head = head;
  }

  synchronized State state() {
    return state;
  }

  /** The id of the second collection; 0 until it is made. */
  synchronized long second() {
    return second;
  }

  synchronized void made(long id) {
    second = id;
  }

  synchronized String cursor() {
    return cursor;
  }

  synchronized void to(State next, long nowMillis) {
    if (next == State.READY) {
      readyMillis = nowMillis;
    }
    if (next == State.SWITCHED) {
      switchedMillis = nowMillis;
    }
    if (next.isOver()) {
      overMillis = nowMillis;
    }
    waiting = "";
    state = next;
  }

  synchronized void fail(String why, long nowMillis) {
    sentence = why;
    to(State.FAILED, nowMillis);
  }

  synchronized void note(String said) {
    sentence = said;
  }

  /** Why it does not go on; empty where it does. */
  synchronized void waiting(String why) {
    waiting = why;
  }

  synchronized void rows(long count) {
    rows = count;
  }

  synchronized void add(Follower.Step step) {
    if (state == State.RUNNING) {
      done += step.rows();
      cursor = step.after();
    }
    waiting = "";
    embedded += step.embedded();
    written += step.written();
    deleted += step.deleted();
    passes += step.last() ? 1 : 0;
  }

  synchronized boolean isOutOfTime(long nowMillis) {
    return state == State.SWITCHED
        && !head.keep.isZero()
        && nowMillis >= switchedMillis + head.keep.toMillis();
  }

  synchronized void add(Judged measured) {
    judged.add(measured);
    if (judged.size() > JUDGED_MAX) {
      judged.removeFirst();
    }
  }

  /** For clients. */
  synchronized ObjectNode shown() {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", head.id);
    json.put("state", state.spelled());
    json.put("collection", head.collection);
    json.put("aside", head.aside);
    json.set("from", model(head.from));
    json.set("to", model(head.to));
    json.putObject("rows").put("total", Math.max(rows, done)).put("done", done);
    json.put("embedded", embedded).put("written", written).put("deleted", deleted);
    json.put("passes", passes);
    head.notes.forEach(json.putArray("notes")::add);
    if (!sentence.isEmpty()) {
      json.put("message", sentence);
    }
    if (!waiting.isEmpty()) {
      json.put("waiting", waiting);
    }
    json.put("created", Instant.ofEpochMilli(head.createdMillis).toString());
    time(json, "ready", readyMillis);
    time(json, "switched", switchedMillis);
    if (state == State.SWITCHED && !head.keep.isZero()) {
      time(json, "kept_until", switchedMillis + head.keep.toMillis());
    }
    time(json, "finished", overMillis);
    return json;
  }

  /** What was measured: numbers alone, no words of questions and none of documents. */
  synchronized ObjectNode report() {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", head.id);
    json.put("state", state.spelled());
    json.put("collection", head.collection);
    json.set("from", model(head.from));
    json.set("to", model(head.to));
    json.set("shadow", tally.report());
    ArrayNode sets = json.putArray("judged");
    judged.forEach(one -> sets.add(one.json()));
    return json;
  }

  private static void time(ObjectNode json, String name, long millis) {
    if (millis > 0) {
      json.put(name, Instant.ofEpochMilli(millis).toString());
    }
  }

  private static ObjectNode model(Model model) {
    return JSON.createObjectNode()
        .put("model", model.name())
        .put("version", model.version())
        .put("dimension", model.dimension())
        .put("tokens", model.tokensMax());
  }

  private static Model model(JsonNode json) {
    return new Model(
        json.path("model").asText(),
        json.path("version").asText(),
        json.path("dimension").asInt(),
        json.path("tokens").asInt());
  }

  synchronized byte[] toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", head.id);
    ObjectNode owner = json.putObject("owner");
    owner.put("principal", head.owner.principal()).put("database", head.owner.database());
    ObjectNode attributes = owner.putObject("attributes");
    head.owner.attributes().forEach(attributes::put);
    json.put("collection", head.collection).put("aside", head.aside);
    json.put("shelf", head.shelf).put("first", head.first).put("second", second);
    json.set("from", model(head.from));
    json.set("to", model(head.to));
    json.put("texts_per_second", head.textsPerSecond);
    json.put("keep_millis", head.keep.toMillis());
    head.notes.forEach(json.putArray("notes")::add);
    json.put("created", head.createdMillis);
    json.put("state", state.name()).put("sentence", sentence).put("cursor", cursor);
    json.put("rows", rows).put("done", done).put("embedded", embedded);
    json.put("written", written).put("deleted", deleted).put("passes", passes);
    json.put("ready", readyMillis).put("switched", switchedMillis).put("over", overMillis);
    json.set("tally", tally.toJson());
    ArrayNode sets = json.putArray("judged");
    judged.forEach(one -> sets.add(one.json()));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Reembedding read(byte[] bytes) {
    ObjectNode json;
    try {
      json = (ObjectNode) JSON.readTree(bytes);
    } catch (IOException | ClassCastException e) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT, "the record of a re-embedding is damaged; start it again", e);
    }
    Map<String, String> attributes = new HashMap<>();
    JsonNode owner = json.path("owner");
    owner
        .path("attributes")
        .properties()
        .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
    List<String> notes = new ArrayList<>();
    json.path("notes").forEach(note -> notes.add(note.asText()));
    Reembedding read =
        new Reembedding(
            new Head(
                json.path("id").asText(),
                new Caller(
                    owner.path("principal").asText(),
                    owner.path("database").asText(),
                    attributes,
                    Instant.MAX),
                json.path("collection").asText(),
                json.path("aside").asText(),
                json.path("shelf").asLong(),
                json.path("first").asLong(),
                model(json.path("from")),
                model(json.path("to")),
                json.path("texts_per_second").asInt(),
                Duration.ofMillis(json.path("keep_millis").asLong()),
                notes,
                json.path("created").asLong()));
    read.second = json.path("second").asLong();
    read.state = State.valueOf(json.path("state").asText());
    read.sentence = json.path("sentence").asText();
    read.cursor = json.path("cursor").asText();
    read.rows = json.path("rows").asLong();
    read.done = json.path("done").asLong();
    read.embedded = json.path("embedded").asLong();
    read.written = json.path("written").asLong();
    read.deleted = json.path("deleted").asLong();
    read.passes = json.path("passes").asLong();
    read.readyMillis = json.path("ready").asLong();
    read.switchedMillis = json.path("switched").asLong();
    read.overMillis = json.path("over").asLong();
    read.tally.read(json.path("tally"));
    json.path("judged").forEach(one -> read.judged.add(new Judged((ObjectNode) one)));
    return read;
  }
}
