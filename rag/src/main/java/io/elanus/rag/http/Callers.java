package io.elanus.rag.http;

import com.linecorp.armeria.common.RequestHeaders;
import io.elanus.model.Caller;

/** Who sent a request; the guard's answer. */
@FunctionalInterface
public interface Callers {
  /**
   * @throws io.elanus.model.error.ElanusException NOT_AUTHENTICATED
   */
  Caller of(RequestHeaders headers);
}
