package io.elanus.index.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * Analyzers by their {@code analyzer_params}: built in ({@code {"type": "english"}}) or put
 * together ({@code {"tokenizer": "standard", "filter": ["lowercase", …]}}). None at all is the
 * standard one.
 *
 * <p>The standard tokenizer is Lucene's, by the word boundaries of Unicode (UAX #29), where Milvus
 * splits at whatever is neither letter nor digit: {@code don't} and {@code 3.14} stay whole here,
 * and each Chinese character is a token of its own.
 */
public final class Analyzers {
  /** Longest {@code analyzer_params}, in bytes of UTF-8. */
  public static final int PARAMS_BYTES_MAX = 32_768;

  private static final int KEPT_MAX = 256;

  /** An analyzer is its parameters and nothing else: what is remembered here is no state. */
  private static final Map<String, TextAnalyzer> KNOWN = new ConcurrentHashMap<>();

  private Analyzers() {}

  /**
   * The analyzer of these parameters.
   *
   * @throws io.elanus.model.error.ElanusException INVALID_ARGUMENT where they are wrong
   */
  public static TextAnalyzer of(String analyzerParams) {
    TextAnalyzer known = KNOWN.get(analyzerParams);
    if (known != null) {
      return known;
    }
    if (analyzerParams.length() > PARAMS_BYTES_MAX
        || analyzerParams.getBytes(StandardCharsets.UTF_8).length > PARAMS_BYTES_MAX) {
      throw AnalyzerParams.invalid(
          "analyzer_params take %d bytes at most".formatted(PARAMS_BYTES_MAX));
    }
    TextAnalyzer made = build(AnalyzerParams.parse("analyzer_params", analyzerParams));
    if (KNOWN.size() >= KEPT_MAX) {
      KNOWN.clear();
    }
    KNOWN.put(analyzerParams, made);
    return made;
  }

  private static TextAnalyzer build(AnalyzerParams params) {
    if (params.has("tokenizer")) {
      if (params.has("type")) {
        throw AnalyzerParams.invalid(
            "give either a \"type\" or a \"tokenizer\" with a \"filter\", not both");
      }
      return custom(params);
    }
    return builtIn(params);
  }

  private static TextAnalyzer builtIn(AnalyzerParams params) {
    String type = params.has("type") ? params.text("type") : "standard";
    List<UnaryOperator<TokenStream>> filters = new ArrayList<>();
    filters.add(LowerCaseFilter::new);
    switch (type) {
      case "standard" -> {}
      case "english" -> {
        filters.add(TokenFilters.stemmer("english"));
        filters.add(TokenFilters.stop(List.of("_english_")));
      }
      case "chinese" ->
          throw AnalyzerParams.invalid(
              "the analyzer chinese is not offered: it needs the dictionary of jieba; use standard, which takes each character as a token");
      default ->
          throw AnalyzerParams.invalid(
              "there is no analyzer %s; use standard or english, or give a tokenizer and filters"
                  .formatted(type));
    }
    List<String> stopWords = params.texts("stop_words");
    if (!stopWords.isEmpty()) {
      filters.add(TokenFilters.stop(stopWords));
    }
    params.end();
    return new TextAnalyzer(StandardTokenizer::new, filters);
  }

  private static TextAnalyzer custom(AnalyzerParams params) {
    AnalyzerParams named = params.typed("tokenizer");
    String type = named.text("type");
    Supplier<Tokenizer> tokenizer =
        switch (type) {
          case "standard" -> StandardTokenizer::new;
          case "whitespace" -> WhitespaceTokenizer::new;
          case "jieba", "lindera", "icu", "language_identifier", "thai", "grpc" ->
              throw AnalyzerParams.invalid(
                  "tokenizer %s is not offered; use standard or whitespace".formatted(type));
          default ->
              throw AnalyzerParams.invalid(
                  "there is no tokenizer %s; use standard or whitespace".formatted(type));
        };
    named.end();
    List<UnaryOperator<TokenStream>> filters = new ArrayList<>();
    for (AnalyzerParams filter : params.typedList("filter")) {
      filters.add(TokenFilters.of(filter));
    }
    params.end();
    return new TextAnalyzer(tokenizer, filters);
  }
}
