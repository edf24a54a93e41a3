package io.elanus.rag.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.http.RagCall;
import io.elanus.rag.http.RagService;
import io.elanus.rag.http.Route;
import io.elanus.rag.policy.MandatoryFilters;
import java.util.List;
import java.util.OptionalDouble;

/**
 * {@code GET /v1/drift?collection=}: how far questions and documents have moved; {@code DELETE} of
 * it: the baseline begins anew. Both are about everybody's rows, so a caller who is bound to some
 * of them is refused.
 */
public final class DriftRoutes {
  /** From here on the difference is more than chance and habit; docs/telemetry.md says why. */
  static final double NOTABLE = 0.02;

  private final DriftWatch watch;
  private final MandatoryFilters filters;
  private final String collection;

  /**
   * @param collection that is meant where none is named
   */
  public DriftRoutes(DriftWatch watch, MandatoryFilters filters, String collection) {
    this.watch = watch;
    this.filters = filters;
    this.collection = collection;
  }

  public List<Route> routes() {
    return List.of(Route.get("/v1/drift", this::show), Route.delete("/v1/drift", this::reset));
  }

  private HttpResponse show(RagCall call) {
    DriftWatch.Status status = watch.status(call.caller(), allowed(call));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("collection", status.collection()).put("model", status.model());
    part(body.putObject("questions"), status.questions())
        .put("baseline", status.questionsBaseline())
        .put("recent", status.questionsRecent());
    part(body.putObject("documents"), status.documents())
        .put("baseline", status.documentsBaseline())
        .put("sampled", status.documentsSampled());
    return RagService.reply(body);
  }

  private static ObjectNode part(ObjectNode part, OptionalDouble drift) {
    if (drift.isEmpty()) {
      return part.putNull("drift").put("state", "too few yet");
    }
    return part.put("drift", drift.getAsDouble())
        .put("state", drift.getAsDouble() < NOTABLE ? "as before" : "moved");
  }

  private HttpResponse reset(RagCall call) {
    watch.reset(call.caller(), allowed(call));
    return HttpResponse.of(HttpStatus.NO_CONTENT);
  }

  private String allowed(RagCall call) {
    String named = call.context().queryParam("collection");
    String asked = named == null || named.isBlank() ? collection : named;
    if (!filters.of(call.caller(), asked).filter().isAll()) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "drift is measured over all rows of %s, and a policy lets this caller see some of them"
              .formatted(asked));
    }
    return asked;
  }
}
