package io.elanus.rag.reembed;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.info.CollectionInfo;
import io.elanus.rag.knowledge.KnowledgeSchema;

/**
 * The two collections of a re-embedding as they stand now. Their names alone say which is which:
 * they are exchanged in one step, so a crash leaves no doubt.
 *
 * @param truth that is asked and written
 * @param copy that follows it
 */
record Sides(CollectionInfo truth, CollectionInfo copy) {
  /**
   * @throws io.elanus.model.error.ElanusException COLLECTION_NOT_FOUND where one was dropped
   */
  static Sides of(Database database, Caller caller, long one, long other) {
    CollectionInfo first = database.collections().describe(caller, one);
    CollectionInfo second = database.collections().describe(caller, other);
    return KnowledgeSchema.isAside(first) ? new Sides(second, first) : new Sides(first, second);
  }
}
