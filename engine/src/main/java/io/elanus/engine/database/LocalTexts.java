package io.elanus.engine.database;

import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.index.text.Analyzers;
import io.elanus.index.text.Terms;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.index.text.Token;
import io.elanus.model.Caller;
import io.elanus.model.Texts;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.AnalyzeRequest;
import io.elanus.model.query.TextToken;
import io.elanus.model.schema.Field;
import java.util.ArrayList;
import java.util.List;

/** Runs analyzers for people who want to see what they do. */
record LocalTexts(Names names) implements Texts {
  @Override
  public List<List<TextToken>> analyze(Caller caller, AnalyzeRequest request) {
    TextAnalyzer analyzer = Analyzers.of(params(caller, request));
    List<List<TextToken>> all = new ArrayList<>();
    for (String text : request.texts()) {
      all.add(tokens(analyzer, text));
    }
    return all;
  }

  private String params(Caller caller, AnalyzeRequest request) {
    if (request.collection().isEmpty()) {
      return request.analyzerParams();
    }
    if (!request.analyzerParams().isEmpty()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "give either analyzer_params or a collection's field, not both");
    }
    CollectionRecord record = names.collection(caller, request.collection());
    Field field =
        record
            .schema()
            .field(request.field())
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.FIELD_NOT_FOUND,
                        "field %s does not exist in collection %s"
                            .formatted(request.field(), record.name())));
    if (!field.hasAnalyzer()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "field %s does not enable analyzer".formatted(field.name()));
    }
    return field.analyzerParams();
  }

  private static List<TextToken> tokens(TextAnalyzer analyzer, String text) {
    int[] bytes = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A pair of surrogates takes four bytes.
      bytes[i + 1] = bytes[i] + (c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3);
    }
    List<TextToken> tokens = new ArrayList<>();
    for (Token token : analyzer.tokens(text)) {
      tokens.add(
          new TextToken(
              token.text(),
              bytes[token.start()],
              bytes[token.end()],
              token.position(),
              token.positionLength(),
              Terms.hash(token.text())));
    }
    return tokens;
  }
}
