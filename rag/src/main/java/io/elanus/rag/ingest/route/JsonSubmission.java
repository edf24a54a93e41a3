package io.elanus.rag.ingest.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.ingest.Submission;
import io.elanus.rag.ingest.route.LabelsReader.Said;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code {"collection", "chunker", …, "documents": [{"source_id", "text", …}]}}. */
final class JsonSubmission {
  private static final Set<String> KEYS =
      new TreeSet<>(
          List.of("collection", "chunker", "tokens", "overlap", "percentile", "documents"));
  private static final Set<String> DOCUMENT_KEYS =
      new TreeSet<>(
          List.of(
              "source_id",
              "name",
              "text",
              "content_base64",
              "content_type",
              "title",
              "tags",
              "timestamp",
              "metadata"));

  private final LabelsReader labels;
  private final String collectionDefault;

  JsonSubmission(LabelsReader labels, String collectionDefault) {
    this.labels = labels;
    this.collectionDefault = collectionDefault;
  }

  Submission read(ObjectNode body) {
    known(body, KEYS, "the request");
    JsonNode documents = body.path("documents");
    if (!documents.isArray()) {
      throw LabelsReader.bad("documents must be a list of objects");
    }
    List<Submission.Item> items = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    for (JsonNode each : documents) {
      if (!(each instanceof ObjectNode one)) {
        throw LabelsReader.bad("documents must be a list of objects");
      }
      Submission.Item item = item(one);
      if (!sources.add(item.labels().sourceId())) {
        throw LabelsReader.bad(
            "the document %s is in the request twice".formatted(item.labels().sourceId()));
      }
      items.add(item);
    }
    String collection = string(body, "collection");
    return new Submission(
        collection == null ? collectionDefault : collection,
        LabelsReader.settings(
            string(body, "chunker"),
            scalar(body, "tokens"),
            scalar(body, "overlap"),
            scalar(body, "percentile")),
        items);
  }

  private Submission.Item item(ObjectNode one) {
    known(one, DOCUMENT_KEYS, "a document");
    @Nullable String text = string(one, "text");
    @Nullable String base64 = string(one, "content_base64");
    @Nullable String type = string(one, "content_type");
    if ((text == null) == (base64 == null)) {
      throw LabelsReader.bad("a document has either text or content_base64");
    }
    byte[] content;
    if (text != null) {
      content = text.getBytes(StandardCharsets.UTF_8);
      // What a JSON text says is UTF-8 here, whatever it was before.
      type = type == null ? "text/plain" : type;
    } else {
      try {
        content = Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw LabelsReader.bad("content_base64 is not base64: " + e.getMessage());
      }
    }
    return new Submission.Item(
        labels.read(
            new Said(
                string(one, "source_id"),
                string(one, "name"),
                type,
                string(one, "title"),
                LabelsReader.tags(one.get("tags")),
                scalar(one, "timestamp"),
                one.get("metadata"))),
        content);
  }

  static void known(ObjectNode object, Set<String> keys, String what) {
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw LabelsReader.bad(
                    "%s has the unknown key %s; known are %s".formatted(what, key, keys));
              }
            });
  }

  static @Nullable String string(ObjectNode object, String key) {
    JsonNode value = object.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw LabelsReader.bad("%s must be a text".formatted(key));
    }
    return value.textValue();
  }

  private static @Nullable String scalar(ObjectNode object, String key) {
    JsonNode value = object.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw LabelsReader.bad("%s must be a whole number or a text".formatted(key));
    }
    return value.asText();
  }
}
