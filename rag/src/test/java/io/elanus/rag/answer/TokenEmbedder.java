package io.elanus.rag.answer;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import io.elanus.rag.fixture.WordEmbedder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Counts words where the one inside counts nothing. */
public record TokenEmbedder(WordEmbedder inside) implements Embedder {
  private static final Pattern WORD = Pattern.compile("\\w+|[^\\w\\s]");

  @Override
  public Model model() {
    return inside.model();
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    return inside.embed(texts, purpose);
  }

  @Override
  public Tokens tokens() {
    return new Tokens() {
      @Override
      public int count(String text) {
        return (int) WORD.matcher(text).results().count();
      }

      @Override
      public int[] offsets(String text) {
        return WORD.matcher(text)
            .results()
            .flatMapToInt(found -> IntStream.of(found.start(), found.end()))
            .toArray();
      }
    };
  }

  @Override
  public void close() {}
}
