package io.elanus.rag.retrieve.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.ChunkJson;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Passage.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes what was found as JSON. */
final class SearchReply {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int BYTES = 1 << 14;

  private final boolean explain;

  SearchReply(boolean explain) {
    this.explain = explain;
  }

  /** The answer to one query. */
  byte[] single(Found found, double tookMillis) {
    return written(
        out -> {
          out.writeStartObject();
          found(out, found);
          out.writeNumberField("took_ms", rounded(tookMillis));
          out.writeEndObject();
        });
  }

  /** The answers to a batch, in the order of its queries. */
  byte[] batch(List<Found> all, double tookMillis) {
    return written(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("results");
          for (Found found : all) {
            out.writeStartObject();
            found(out, found);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeNumberField("took_ms", rounded(tookMillis));
          out.writeEndObject();
        });
  }

  private interface Body {
    void to(JsonGenerator out) throws IOException;
  }

  private static byte[] written(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(BYTES);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      body.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static double rounded(double millis) {
    return Math.round(millis * 1000) / 1000.0;
  }

  private void found(JsonGenerator out, Found found) throws IOException {
    out.writeArrayFieldStart("hits");
    for (Passage passage : found.passages()) {
      hit(out, passage);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("degraded");
    for (String sentence : found.degraded()) {
      out.writeString(sentence);
    }
    out.writeEndArray();
    out.writeBooleanField("cached", found.cached());
    if (found.staleMillis() > 0) {
      out.writeNumberField("stale_ms", found.staleMillis());
    }
  }

  private void hit(JsonGenerator out, Passage passage) throws IOException {
    Chunk chunk = passage.chunk();
    out.writeStartObject();
    ChunkJson.words(out, chunk);
    ChunkJson.labels(out, chunk);
    out.writeNumberField("score", passage.score());
    if (explain) {
      why(out, passage.why());
    }
    around(out, "before", passage.before());
    around(out, "after", passage.after());
    out.writeEndObject();
  }

  private static void why(JsonGenerator out, Passage.Why why) throws IOException {
    out.writeObjectFieldStart("why");
    stage(out, "dense", why.dense());
    stage(out, "text", why.text());
    stage(out, "fused", why.fused());
    stage(out, "reranked", why.reranked());
    out.writeEndObject();
  }

  private static void stage(JsonGenerator out, String name, Stage stage) throws IOException {
    if (stage.rank().isPresent() && stage.score().isPresent()) {
      out.writeObjectFieldStart(name);
      out.writeNumberField("rank", stage.rank().getAsInt());
      out.writeNumberField("score", stage.score().getAsDouble());
      out.writeEndObject();
    }
  }

  private static void around(JsonGenerator out, String name, List<Chunk> chunks)
      throws IOException {
    if (chunks.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart(name);
    for (Chunk chunk : chunks) {
      out.writeStartObject();
      ChunkJson.words(out, chunk);
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
