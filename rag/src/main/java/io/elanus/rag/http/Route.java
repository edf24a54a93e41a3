package io.elanus.rag.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;

/**
 * What is answered under a path.
 *
 * @param path as Armeria writes patterns: {@code /v1/documents/{id}}
 * @param handler blocks, on a virtual thread; an {@code ElanusException} becomes its error reply
 */
public record Route(HttpMethod method, String path, Handler handler) {
  /** Answers one call. */
  @FunctionalInterface
  public interface Handler {
    HttpResponse handle(RagCall call);
  }

  public static Route get(String path, Handler handler) {
    return new Route(HttpMethod.GET, path, handler);
  }

  public static Route post(String path, Handler handler) {
    return new Route(HttpMethod.POST, path, handler);
  }

  public static Route delete(String path, Handler handler) {
    return new Route(HttpMethod.DELETE, path, handler);
  }
}
