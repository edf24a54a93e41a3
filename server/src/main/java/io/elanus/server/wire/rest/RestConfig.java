package io.elanus.server.wire.rest;

import java.time.Duration;

/**
 * How REST behaves where a client does not say.
 *
 * @param int64AsNumbers whether integers of 64 bits are numbers; JavaScript reads them wrong
 * @param requestTimeout of requests that name none
 * @param requestBytesMax longest body taken in
 * @param responseBytesMax longest body sent out
 */
public record RestConfig(
    boolean int64AsNumbers, Duration requestTimeout, int requestBytesMax, int responseBytesMax) {
  /** Milvus's. */
  public static RestConfig defaults() {
    return new RestConfig(true, Duration.ofSeconds(30), 64 << 20, 256 << 20);
  }
}
