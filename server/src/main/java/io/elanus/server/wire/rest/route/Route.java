package io.elanus.server.wire.rest.route;

/**
 * A path and what is behind it.
 *
 * @param path below the base, for instance {@code /collections/list}
 * @param rpc the name of the RPC that says the same, under which calls are counted
 */
public record Route(String path, String rpc, Handler handler) {
  /** Blocks; may throw what the calls throw, and {@code RestException}. */
  @FunctionalInterface
  public interface Handler {
    Answer handle(RestRequest request);
  }
}
