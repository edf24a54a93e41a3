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
  private final WritePolicy writes;
  private final KnowledgeCollections collections;

  Access(MandatoryFilters filters, WritePolicy writes, KnowledgeCollections collections) {
    this.filters = filters;
    this.writes = writes;
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

  /**
   * Refuses what the caller could not see afterwards, and what would replace a document that it
   * does not see: in the same words, so that they do not tell which names others use.
   */
  void checkWrite(Caller caller, String collection, Labels labels, long timestampMillis) {
    if (!isBound(caller, collection)) {
      return;
    }
    DocumentFields fields =
        new DocumentFields(
            labels.sourceId(),
            0,
            labels.tags(),
            timestampMillis,
            labels.title(),
            "",
            IngestJson.tree(labels.metadata()));
    boolean taken =
        collections.count(caller, collection, labels.sourceId(), Filter.ALL) > 0
            && !sees(caller, collection, labels.sourceId());
    if (taken || !writes.admits(caller, collection, fields)) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "the document %s lies outside of what you may write in %s; check its tags and metadata"
              .formatted(labels.sourceId(), collection));
    }
  }
}
