package io.elanus.rag.ingest.route;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.multipart.AggregatedBodyPart;
import com.linecorp.armeria.common.multipart.AggregatedMultipart;
import com.linecorp.armeria.common.multipart.Multipart;
import io.elanus.rag.ingest.Submission;
import io.elanus.rag.ingest.route.LabelsReader.Said;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * {@code multipart/form-data}: each part with a file name is a document, the others are said of all
 * of them.
 */
final class FormSubmission {
  private static final Set<String> FIELDS =
      new TreeSet<>(
          List.of(
              "collection",
              "chunker",
              "tokens",
              "overlap",
              "percentile",
              "source_id",
              "title",
              "tags",
              "timestamp",
              "metadata"));

  private final LabelsReader labels;
  private final String collectionDefault;

  FormSubmission(LabelsReader labels, String collectionDefault) {
    this.labels = labels;
    this.collectionDefault = collectionDefault;
  }

  static boolean is(AggregatedHttpRequest request) {
    MediaType type = request.contentType();
    return type != null && type.is(MediaType.MULTIPART_FORM_DATA);
  }

  Submission read(AggregatedHttpRequest request) {
    Map<String, String> fields = new HashMap<>();
    List<AggregatedBodyPart> files = new ArrayList<>();
    for (AggregatedBodyPart part : parts(request).bodyParts()) {
      String name = part.name();
      if (part.filename() != null) {
        files.add(part);
      } else if (name == null || !FIELDS.contains(name)) {
        throw LabelsReader.bad(
            "the form has the unknown field %s; known are %s, and files".formatted(name, FIELDS));
      } else if (name.equals("tags")) {
        fields.merge(name, part.contentUtf8(), (a, b) -> a + "," + b);
      } else {
        fields.put(name, part.contentUtf8());
      }
    }
    if (fields.containsKey("source_id") && files.size() != 1) {
      throw LabelsReader.bad("a source_id can be said of one file, and there are " + files.size());
    }
    List<Submission.Item> items = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    for (AggregatedBodyPart file : files) {
      Submission.Item item = item(file, fields);
      if (!sources.add(item.labels().sourceId())) {
        throw LabelsReader.bad(
            "the file %s is in the form twice".formatted(item.labels().sourceId()));
      }
      items.add(item);
    }
    return new Submission(
        fields.getOrDefault("collection", collectionDefault),
        LabelsReader.settings(
            fields.get("chunker"),
            fields.get("tokens"),
            fields.get("overlap"),
            fields.get("percentile")),
        items);
  }

  private static AggregatedMultipart parts(AggregatedHttpRequest request) {
    try {
      return Multipart.from(request.toHttpRequest()).aggregate().join();
    } catch (CompletionException | IllegalArgumentException | IllegalStateException e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      throw LabelsReader.bad("the body is no multipart/form-data: " + cause.getMessage());
    }
  }

  private Submission.Item item(AggregatedBodyPart file, Map<String, String> fields) {
    @Nullable String metadata = fields.get("metadata");
    @Nullable MediaType type = file.contentType();
    return new Submission.Item(
        labels.read(
            new Said(
                fields.get("source_id"),
                file.filename(),
                type == null ? null : type.toString(),
                fields.get("title"),
                tags(fields.getOrDefault("tags", "")),
                fields.get("timestamp"),
                metadata == null ? null : LabelsReader.json("metadata", metadata))),
        file.content().array());
  }

  private static List<String> tags(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }
}
