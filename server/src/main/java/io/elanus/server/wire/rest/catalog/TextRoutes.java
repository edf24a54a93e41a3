package io.elanus.server.wire.rest.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.elanus.server.wire.calls.TextCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import io.milvus.grpc.AnalyzerResult;
import io.milvus.grpc.AnalyzerToken;
import io.milvus.grpc.RunAnalyzerRequest;
import java.util.List;

/** {@code /common/run_analyzer}. */
final class TextRoutes {
  private final TextCalls texts;

  TextRoutes(TextCalls texts) {
    this.texts = texts;
  }

  List<Route> routes() {
    return List.of(new Route("/common/run_analyzer", "RunAnalyzer", this::run));
  }

  private Answer run(RestRequest request) {
    Body body = request.body().require("text");
    boolean detail = body.flag("withDetail", false);
    boolean hash = body.flag("withHash", false);
    var message =
        RunAnalyzerRequest.newBuilder()
            .setDbName(request.database())
            .setAnalyzerParams(body.text("analyzerParams"))
            .setCollectionName(body.text("collectionName"))
            .setFieldName(body.text("fieldName"))
            .addAllAnalyzerNames(body.texts("analyzerNames"))
            .setWithDetail(detail)
            .setWithHash(hash);
    for (String text : body.texts("text")) {
      message.addPlaceholder(ByteString.copyFromUtf8(text));
    }
    ArrayNode results = Json.NODES.arrayNode();
    for (AnalyzerResult result :
        texts.runAnalyzer(request.call(), message.build()).getResultsList()) {
      ArrayNode tokens = results.addObject().putArray("tokens");
      for (AnalyzerToken token : result.getTokensList()) {
        ObjectNode object = tokens.addObject().put("token", token.getToken());
        if (detail) {
          object
              .put("start_offset", token.getStartOffset())
              .put("end_offset", token.getEndOffset())
              .put("position", token.getPosition())
              .put("position_length", token.getPositionLength());
        }
        if (hash) {
          object.put("hash", Integer.toUnsignedLong(token.getHash()));
        }
      }
    }
    return Answer.of(results);
  }
}
