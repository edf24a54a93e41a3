package io.elanus.server.wire.rest.route;

import io.elanus.server.wire.calls.Call;
import io.elanus.server.wire.rest.json.Body;

/**
 * One request, authenticated and parsed.
 *
 * @param call in the database that the request named
 * @param int64AsNumbers false where the client wants integers of 64 bits as strings
 */
public record RestRequest(Call call, Body body, boolean int64AsNumbers) {
  public String database() {
    return call.caller().database();
  }

  public String collection() {
    return body.require("collectionName").text("collectionName");
  }
}
