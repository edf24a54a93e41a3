package io.elanus.rag.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies may be held at a time, over all calls: a body takes its length before it
 * is taken in, and gives it back when it is answered.
 */
final class BodyBudget {
  /** Of a body that does not say how long it is. */
  private static final long UNSAID_BYTES_MAX = 8L << 20;

  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes the place of a body.
   *
   * @return how much, for {@link #giveBack}
   * @throws ElanusException BUSY where there is none left
   */
  long take(HttpRequest request, ServiceRequestContext context) {
    long length = request.headers().contentLength();
    if (length < 0) {
      if (request.headers().isEndOfStream()) {
        return 0;
      }
      length = UNSAID_BYTES_MAX;
      long allowed = context.maxRequestLength();
      context.setMaxRequestLength(allowed <= 0 ? length : Math.min(allowed, length));
    }
    if (taken.addAndGet(length) > bytesMax && length > 0) {
      taken.addAndGet(-length);
      throw new ElanusException(
          ErrorCode.BUSY,
          "other requests of %d MiB are being taken in; send this one of %d MiB again shortly"
              .formatted(taken.get() >> 20, length >> 20));
    }
    return length;
  }

  void giveBack(long length) {
    taken.addAndGet(-length);
  }
}
