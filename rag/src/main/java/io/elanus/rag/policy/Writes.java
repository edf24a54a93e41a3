package io.elanus.rag.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.filter.Condition;
import io.elanus.rag.filter.DocumentFields;
import io.elanus.rag.filter.Evaluator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a bound caller may write: documents that the caller may also see. What a policy stamps is
 * put on every document first and wins over what the caller sent, so that a tenant need not, and
 * cannot, say whose a document is.
 *
 * <p>Whoever writes for a caller stamps, checks every chunk as it will be stored, and replaces or
 * deletes only rows that pass the caller's filter.
 */
public final class Writes {
  public static final Writes FREE = of(Condition.ALWAYS);

  /** No document passes. */
  public static final Writes NONE = of(new Condition.Or(List.of()));

  private final Condition condition;
  private final List<String> tags;
  private final ObjectNode metadata;

  Writes(Condition condition, List<String> tags, ObjectNode metadata) {
    this.condition = condition;
    this.tags = List.copyOf(tags);
    this.metadata = metadata.deepCopy();
  }

  private static Writes of(Condition condition) {
    return new Writes(condition, List.of(), JsonNodeFactory.instance.objectNode());
  }

  /** The fields with what the policy stamps on them. */
  public DocumentFields stamped(DocumentFields fields) {
    Set<String> allTags = new LinkedHashSet<>(fields.tags());
    allTags.addAll(tags);
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    if (fields.metadata() instanceof ObjectNode object) {
      all.setAll(object);
    }
    all.setAll(metadata.deepCopy());
    return new DocumentFields(
        fields.sourceId(),
        fields.chunkIndex(),
        new ArrayList<>(allTags),
        fields.timestampMillis(),
        fields.title(),
        fields.heading(),
        all);
  }

  /**
   * @param fields of a chunk, stamped, as they will be stored
   * @throws ElanusException NOT_PERMITTED where the caller could not see the chunk
   */
  public void check(DocumentFields fields) {
    if (!Evaluator.test(condition, fields)) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "the document %s lies outside of what the policy lets this caller see; GET /v1/policy shows what it must have"
              .formatted(fields.sourceId()));
    }
  }

  /** Whether everything may be written as it is. */
  public boolean isFree() {
    return condition.equals(Condition.ALWAYS) && tags.isEmpty() && metadata.isEmpty();
  }

  List<String> tags() {
    return tags;
  }

  JsonNode metadata() {
    return metadata.deepCopy();
  }
}
