package io.elanus.server.wire.calls;

import com.google.protobuf.ByteString;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.AnalyzeRequest;
import io.elanus.model.query.TextToken;
import io.elanus.server.reply.Statuses;
import io.milvus.grpc.AnalyzerResult;
import io.milvus.grpc.AnalyzerToken;
import io.milvus.grpc.RunAnalyzerRequest;
import io.milvus.grpc.RunAnalyzerResponse;
import java.util.ArrayList;
import java.util.List;

/** Analyzers, run for people who want to see what they do. */
public final class TextCalls {
  private final Database database;

  public TextCalls(Database database) {
    this.database = database;
  }

  public RunAnalyzerResponse runAnalyzer(Call call, RunAnalyzerRequest request) {
    if (request.getAnalyzerNamesCount() > 0) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED,
          "analyzers by name are not offered: a field has one analyzer; leave analyzer_names out");
    }
    List<String> texts = new ArrayList<>();
    for (ByteString text : request.getPlaceholderList()) {
      if (!text.isValidUtf8()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT, "text %d is not valid UTF-8".formatted(texts.size()));
      }
      texts.add(text.toStringUtf8());
    }
    AnalyzeRequest asked =
        new AnalyzeRequest(
            texts,
            request.getAnalyzerParams(),
            request.getCollectionName(),
            request.getFieldName());
    RunAnalyzerResponse.Builder answer =
        RunAnalyzerResponse.newBuilder().setStatus(Statuses.SUCCESS);
    for (List<TextToken> tokens : database.texts().analyze(call.in(request.getDbName()), asked)) {
      AnalyzerResult.Builder result = AnalyzerResult.newBuilder();
      tokens.forEach(token -> result.addTokens(token(token, request)));
      answer.addResults(result);
    }
    return answer.build();
  }

  private static AnalyzerToken token(TextToken token, RunAnalyzerRequest request) {
    AnalyzerToken.Builder answer = AnalyzerToken.newBuilder().setToken(token.text());
    if (request.getWithDetail()) {
      answer
          .setStartOffset(token.startOffset())
          .setEndOffset(token.endOffset())
          .setPosition(token.position())
          .setPositionLength(token.positionLength());
    }
    if (request.getWithHash()) {
      answer.setHash(token.hash());
    }
    return answer.build();
  }
}
