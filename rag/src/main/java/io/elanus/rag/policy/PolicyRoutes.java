package io.elanus.rag.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import java.util.List;

/** {@code GET /v1/policy?collection=NAME}: what the caller itself is bound to, and nobody else. */
public final class PolicyRoutes {
  private final MandatoryFilters filters;
  private final String collection;

  /**
   * @param collection that is meant where none is named
   */
  public PolicyRoutes(MandatoryFilters filters, String collection) {
    this.filters = filters;
    this.collection = collection;
  }

  public List<Route> routes() {
    return List.of(Route.get("/v1/policy", this::policy));
  }

  private HttpResponse policy(RagCall call) {
    String named = call.context().queryParam("collection");
    String asked = named == null || named.isBlank() ? collection : named;
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("principal", call.caller().principal());
    if (filters instanceof ConfiguredFilters configured) {
      ConfiguredFilters.Resolved resolved = configured.resolve(call.caller(), asked);
      body.put("collection", resolved.collection()).put("bound", true);
      ArrayNode all = body.putArray("filters");
      resolved.filters().forEach(all::add);
      ObjectNode stamp = body.putObject("stamp");
      ArrayNode tags = stamp.putArray("tags");
      resolved.writes().tags().forEach(tags::add);
      stamp.set("metadata", resolved.writes().metadata());
    } else {
      body.put("collection", asked).put("bound", false);
    }
    return RagService.reply(body);
  }
}
