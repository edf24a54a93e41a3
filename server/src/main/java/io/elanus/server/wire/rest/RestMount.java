package io.elanus.server.wire.rest;

import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.server.Mount;

/** REST under its two prefixes. */
public final class RestMount implements Mount {
  private static final String BASE = "/v2/vectordb";
  private static final String OLD_BASE = "/v1";

  private final RestService service;

  public RestMount(RestService service) {
    this.service = service;
  }

  @Override
  public void on(ServerBuilder server) {
    server
        .route()
        .pathPrefix(BASE)
        .maxRequestLength(service.requestBytesMax())
        .requestTimeoutMillis(0)
        .build(service);
    server.serviceUnder(OLD_BASE, (context, request) -> RestReplies.oldVersion(BASE));
  }
}
