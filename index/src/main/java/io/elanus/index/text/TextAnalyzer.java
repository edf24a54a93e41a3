package io.elanus.index.text;

import io.elanus.model.query.TextToken;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionLengthAttribute;

/**
 * Takes texts apart. Safe for many threads: a chain of a tokenizer and its filters serves one text
 * at a time, and a few are kept for the next ones (not one per thread, of which there may be many).
 */
public final class TextAnalyzer {
  private static final int CHAINS_KEPT = 32;

  private final Supplier<Tokenizer> tokenizer;
  private final List<UnaryOperator<TokenStream>> filters;
  private final ArrayBlockingQueue<Chain> chains = new ArrayBlockingQueue<>(CHAINS_KEPT);

  TextAnalyzer(Supplier<Tokenizer> tokenizer, List<UnaryOperator<TokenStream>> filters) {
    this.tokenizer = tokenizer;
    this.filters = List.copyOf(filters);
  }

  /** The tokens in their order, with their places. */
  public List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    run(text, chain -> tokens.add(chain.token()));
    return tokens;
  }

  /** The tokens with their places in bytes of UTF-8, and their hashes. */
  public List<TextToken> details(String text) {
    int[] bytes = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A pair of surrogates takes four bytes.
      bytes[i + 1] = bytes[i] + (c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3);
    }
    List<TextToken> tokens = new ArrayList<>();
    for (Token token : tokens(text)) {
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

  /** The tokens' texts in their order. */
  public List<String> words(String text) {
    List<String> words = new ArrayList<>();
    run(text, chain -> words.add(chain.text.toString()));
    return words;
  }

  private void run(String text, Consumer<Chain> each) {
    Chain chain = chains.poll();
    if (chain == null) {
      chain = new Chain(tokenizer.get(), filters);
    }
    chain.run(text, each);
    // One that failed is not offered again: its state is unknown.
    chains.offer(chain);
  }

  /** A tokenizer and its filters, for one text at a time. */
  private static final class Chain {
    private final Tokenizer source;
    private final TokenStream stream;
    private final CharTermAttribute text;
    private final OffsetAttribute offset;
    private final PositionIncrementAttribute increment;
    private final PositionLengthAttribute length;
    private int position;

    Chain(Tokenizer source, List<UnaryOperator<TokenStream>> filters) {
      this.source = source;
      TokenStream last = source;
      for (UnaryOperator<TokenStream> filter : filters) {
        last = filter.apply(last);
      }
      this.stream = last;
      this.text = stream.addAttribute(CharTermAttribute.class);
      this.offset = stream.addAttribute(OffsetAttribute.class);
      this.increment = stream.addAttribute(PositionIncrementAttribute.class);
      this.length = stream.addAttribute(PositionLengthAttribute.class);
    }

    void run(String whole, Consumer<Chain> each) {
      position = -1;
      source.setReader(new StringReader(whole));
      try {
        stream.reset();
        while (stream.incrementToken()) {
          position += increment.getPositionIncrement();
          each.accept(this);
        }
        stream.end();
        stream.close();
      } catch (IOException e) {
        throw new UncheckedIOException("a text in memory cannot fail to be read", e);
      }
    }

    Token token() {
      return new Token(
          text.toString(),
          offset.startOffset(),
          offset.endOffset(),
          position,
          length.getPositionLength());
    }
  }
}
