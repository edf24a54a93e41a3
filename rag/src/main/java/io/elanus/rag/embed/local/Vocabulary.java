package io.elanus.rag.embed.local;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * The tokenizer of a model.
 *
 * <p>The native tokenizer takes a text whole, and several objects a token with it: long texts go in
 * by windows that end before white space, where tokenizers of words end a token anyway. It speaks
 * of code points; Java of UTF-16 units. Its library is called directly, below the class that makes
 * eight arrays of every text: that costs four times what the tokens themselves do. Half a surrogate
 * pair would end the process inside of the native code, and is replaced before.
 */
public final class Vocabulary implements Tokens, AutoCloseable {
  private static final int WINDOW_UNITS = 1 << 14;

  /** A token of a word is seldom longer than that; where all are, the prefix grows. */
  private static final int UNITS_PER_TOKEN = 16;

  static {
    // Else the library looks for newer natives in the network, and greets its makers.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final HuggingFaceTokenizer tokenizer;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;

  /** That of the model in the box; near enough to count what another model reads. */
  public static Vocabulary boxed() {
    return new Vocabulary(ModelBytes.boxed("-tokenizer.json"), LocalConfig.MINI_LM.name());
  }

  /**
   * @param file as Hugging Face's {@code tokenizer.json}
   */
  public static Vocabulary of(Path file) {
    return new Vocabulary(ModelBytes.file(file), file.toString());
  }

  /** With INVALID_ARGUMENT where the file is no tokenizer. */
  Vocabulary(byte[] file, String name) {
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(file), Map.of("padding", "false", "truncation", "false"));
    } catch (IOException | RuntimeException e) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the tokenizer of the embedding model %s cannot be read: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  /**
   * @param tokensMax with the tokens at the ends
   */
  Encoded encode(String text, int tokensMax) {
    String whole = wellFormed(text);
    int units = Math.max(WINDOW_UNITS, UNITS_PER_TOKEN * tokensMax);
    while (true) {
      String prefix = whole.substring(0, windowEnd(whole, 0, units));
      boolean all = prefix.length() == whole.length();
      Encoded encoded = encoded(prefix, true, encoding -> cut(encoding, tokensMax, all));
      if (all || encoded.length() >= tokensMax) {
        return encoded;
      }
      units = Math.multiplyExact(units, 2);
    }
  }

  private static Encoded cut(long encoding, int tokensMax, boolean all) {
    long[] ids = LIBRARY.getTokenIds(encoding);
    long[] types = LIBRARY.getTypeIds(encoding);
    if (ids.length <= tokensMax) {
      return new Encoded(ids, types, !all);
    }
    int ending = 0;
    long[] special = LIBRARY.getSpecialTokenMask(encoding);
    while (ending < tokensMax && special[ids.length - 1 - ending] == 1) {
      ending++;
    }
    return new Encoded(
        headAndTail(ids, tokensMax, ending), headAndTail(types, tokensMax, ending), true);
  }

  private static long[] headAndTail(long[] all, int length, int tail) {
    long[] kept = Arrays.copyOf(all, length);
    System.arraycopy(all, all.length - tail, kept, length - tail, tail);
    return kept;
  }

  /** How many tokens the model adds at the ends of any text. */
  int added() {
    return encoded("", true, LIBRARY::getTokenIds).length;
  }

  @Override
  public int count(String text) {
    String whole = wellFormed(text);
    int count = 0;
    for (int start = 0; start < whole.length(); ) {
      int end = windowEnd(whole, start, WINDOW_UNITS);
      String window = whole.substring(start, end);
      count += encoded(window, false, LIBRARY::getTokenIds).length;
      start = end;
    }
    return count;
  }

  @Override
  public int[] offsets(String text) {
    String whole = wellFormed(text);
    int[] offsets = new int[64];
    int length = 0;
    for (int start = 0; start < whole.length(); ) {
      int end = windowEnd(whole, start, WINDOW_UNITS);
      String window = whole.substring(start, end);
      CharSpan[] spans = encoded(window, false, LIBRARY::getTokenCharSpans);
      offsets = Arrays.copyOf(offsets, Math.max(offsets.length, 2 * length + 2 * spans.length));
      Units units = new Units(window);
      for (CharSpan span : spans) {
        if (span != null) {
          offsets[length] = start + units.of(span.getStart());
          offsets[length + 1] = start + units.of(span.getEnd());
          length += 2;
        }
      }
      start = end;
    }
    return Arrays.copyOf(offsets, length);
  }

  /** End of the window that begins at {@code start}: before white space where there is any. */
  private static int windowEnd(String text, int start, int unitsMax) {
    if (text.length() - start <= unitsMax) {
      return text.length();
    }
    int end = start + unitsMax;
    for (int i = end; i > start + unitsMax / 2; i--) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
  }

  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) {
        continue;
      }
      if (i + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }

  /** What a reader takes of an encoding, which is freed after. */
  private <T> T encoded(String text, boolean ends, LongFunction<T> reader) {
    // The native tokenizer must not be freed below a call.
    life.readLock().lock();
    try {
      if (closed) {
        throw new ElanusException(ErrorCode.NOT_READY, "the embedding model was closed");
      }
      long encoding = LIBRARY.encode(tokenizer.getHandle(), text, ends);
      try {
        return reader.apply(encoding);
      } finally {
        LIBRARY.deleteEncoding(encoding);
      }
    } finally {
      life.readLock().unlock();
    }
  }

  @Override
  public void close() {
    life.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      life.writeLock().unlock();
    }
  }

  /** Code points to UTF-16 units, cheap where one asks near the last one. */
  private static final class Units {
    private final String text;
    private int codePoint;
    private int unit;

    Units(String text) {
      this.text = text;
    }

    int of(int asked) {
      unit = text.offsetByCodePoints(unit, asked - codePoint);
      codePoint = asked;
      return unit;
    }
  }
}
