package io.elanus.rag.ingest;

import io.elanus.model.Caller;
import io.elanus.rag.filter.DocumentFields;

/** Whether a caller may write such a document: a bound one only what it could then see. */
@FunctionalInterface
public interface WritePolicy {
  /** Nobody is bound. */
  WritePolicy ALL = (caller, collection, fields) -> true;

  boolean admits(Caller caller, String collection, DocumentFields fields);
}
