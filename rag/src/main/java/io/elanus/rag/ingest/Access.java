package io.elanus.rag.ingest;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.filter.DocumentFields;
import io.elanus.rag.knowledge.KnowledgeCollections;
import io.elanus.rag.policy.MandatoryFilters;

/** What a caller that is bound to a filter may do with documents. */
final class Access {
  private final MandatoryFilters filters;
  private final KnowledgeCollections collections;

  Access(MandatoryFilters filters, KnowledgeCollections collections) {
    this.filters = filters;
    this.collections = collections;
  }

  Filter filter(Caller caller, String collection) {
    return filters.of(caller, collection).filter();
  }

  boolean isBound(Caller caller, String collection) {
    return !filter(caller, collection).isAll();
  }

  /** Whether all of a document's chunks are the caller's to see; of no chunks, none are. */
  boolean sees(Caller caller, String collection, String sourceId) {
    Filter filter = filter(caller, collection);
    if (filter.isAll()) {
      return true;
    }
    long seen = collections.count(caller, collection, sourceId, filter);
    return seen > 0 && seen == collections.count(caller, collection, sourceId, Filter.ALL);
  }

  /** The labels with what the policy puts on whatever this caller writes. */
  Labels stamped(Caller caller, String collection, Labels labels) {
    var writes = filters.of(caller, collection).writes();
    if (writes.isFree()) {
      return labels;
    }
    DocumentFields stamped = writes.stamped(fields(labels, 0, 0, labels.title(), ""));
    return new Labels(
        labels.sourceId(),
        labels.name(),
        labels.contentType(),
        labels.title(),
        stamped.tags(),
        labels.timestampMillis(),
        stamped.metadata().toString());
  }

  /** Refuses to replace a document that the caller does not see, in the words of the policy. */
  void checkPlace(Caller caller, String collection, Labels labels) {
    if (isBound(caller, collection)
        && collections.count(caller, collection, labels.sourceId(), Filter.ALL) > 0
        && !sees(caller, collection, labels.sourceId())) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "the document %s lies outside of what the policy lets this caller see; GET /v1/policy shows what it must have"
              .formatted(labels.sourceId()));
    }
  }

  /** Refuses a chunk that the caller could not see afterwards. */
  void checkChunk(
      Caller caller,
      String collection,
      Labels stamped,
      int index,
      long timestampMillis,
      String title,
      String heading) {
    var writes = filters.of(caller, collection).writes();
    if (!writes.isFree()) {
      writes.check(fields(stamped, index, timestampMillis, title, heading));
    }
  }

  private static DocumentFields fields(
      Labels labels, int index, long timestampMillis, String title, String heading) {
    return new DocumentFields(
        labels.sourceId(),
        index,
        labels.tags(),
        timestampMillis,
        title,
        heading,
        IngestJson.tree(labels.metadata()));
  }
}
