package io.elanus.rag.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;

/**
 * One request, its caller known and its body taken in.
 *
 * @param context path variables and the request's life
 */
public record RagCall(Caller caller, AggregatedHttpRequest request, ServiceRequestContext context) {
  /** The body as a JSON object; INVALID_ARGUMENT where it is none. */
  public ObjectNode body() {
    JsonNode body;
    try {
      body = RagService.JSON.readTree(request.content().array());
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "the body is not JSON: " + e.getMessage(), e);
    }
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw new ElanusException(ErrorCode.INVALID_ARGUMENT, "the body must be a JSON object");
  }

  /** A variable of the route's path. */
  public String path(String name) {
    String value = context.pathParam(name);
    if (value == null) {
      throw new IllegalStateException("the route has no variable " + name);
    }
    return value;
  }
}
