package io.elanus.rag.chunk;

import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bag of words for a model: each word adds to the coordinate that its hash names, so that texts
 * that share words lie near each other. Tokens are pieces of at most four characters of a word, and
 * each character of a script without spaces.
 */
public class HashedWords implements Embedder {
  private final Model model;
  private final AtomicLong texts = new AtomicLong();

  public HashedWords(int dimension, int tokensMax) {
    model = new Model("hashed-words", "1", dimension, tokensMax);
  }

  @Override
  public Model model() {
    return model;
  }

  /** Texts embedded so far. */
  public long texts() {
    return texts.get();
  }

  @Override
  public List<float[]> embed(List<String> batch, Purpose purpose) {
    List<float[]> vectors = new ArrayList<>();
    for (String text : batch) {
      if (text.isEmpty()) {
        throw new IllegalStateException("an empty text");
      }
      if (tokens().count(text) > model.tokensMax() && purpose == Purpose.DOCUMENT && strict()) {
        throw new IllegalStateException("a text that would be cut off");
      }
      vectors.add(vector(text));
    }
    texts.addAndGet(batch.size());
    return vectors;
  }

  /** Whether a text longer than the model reads is a mistake of the caller's. */
  protected boolean strict() {
    return true;
  }

  private float[] vector(String text) {
    float[] vector = new float[model.dimension()];
    vector[0] = 0.01f;
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      vector[Math.floorMod(word.hashCode() * 31, vector.length)] += 1;
    }
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public Tokens tokens() {
    return new Tokens() {
      @Override
      public int count(String text) {
        return offsets(text).length / 2;
      }

      @Override
      public int[] offsets(String text) {
        int[] offsets = new int[16];
        int length = 0;
        int at = 0;
        while (at < text.length()) {
          int point = text.codePointAt(at);
          int start = at;
          at += Character.charCount(point);
          if (Character.isWhitespace(point)) {
            continue;
          }
          for (int n = 1; n < 4 && at < text.length() && !Character.isIdeographic(point); n++) {
            point = text.codePointAt(at);
            if (Character.isWhitespace(point) || Character.isIdeographic(point)) {
              break;
            }
            at += Character.charCount(point);
          }
          if (length + 2 > offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * length);
          }
          offsets[length++] = start;
          offsets[length++] = at;
        }
        return Arrays.copyOf(offsets, length);
      }
    };
  }

  @Override
  public void close() {}
}
