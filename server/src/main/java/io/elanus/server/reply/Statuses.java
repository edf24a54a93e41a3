package io.elanus.server.reply;

import io.elanus.model.error.ElanusException;
import io.milvus.grpc.Status;

/** Says success and errors as Milvus's {@link Status}. */
public final class Statuses {
  public static final Status SUCCESS = Status.getDefaultInstance();

  private Statuses() {}

  /** Milvus's code, legacy code, reason and whether a retry helps. */
  public static Status of(ElanusException error) {
    throw new UnsupportedOperationException(error.getMessage());
  }
}
