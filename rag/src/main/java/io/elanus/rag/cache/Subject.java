package io.elanus.rag.cache;

import io.elanus.model.info.CollectionVersion;
import io.elanus.model.query.Filter;
import io.elanus.rag.embed.Model;
import io.elanus.rag.hash.Sha256;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Tuning;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Everything that an answer depends on but the version of the collection, as a digest: the database
 * and the collection's identity, what the caller is bound to, the query, its filter, every setting,
 * the models. Equal for two questions exactly when one state has one answer to both.
 *
 * @param digest the first 128 bits of SHA-256, hexadecimal
 */
record Subject(String digest) {
  /**
   * @param policy the key of what the caller is bound to
   * @param model whose vectors lie in the collection; queries are embedded with it
   * @param reranker its name; empty where there is none
   */
  static Subject of(
      String database,
      CollectionVersion version,
      String policy,
      Question question,
      Model model,
      String reranker) {
    Digest digest = new Digest();
    digest.text(database).number(version.id()).text(policy).text(question.text());
    digest.number(question.topK()).text(question.mode().name()).number(question.neighbours());
    digest.number(question.byDocument() ? 1 : 0).number(bits(question.diversity()));
    digest.number(question.rerank() ? 1 : 0).text(question.rerank() ? reranker : "");
    digest.text(model.name()).text(model.version()).number(model.dimension());
    Tuning tuning = question.tuning();
    digest.number(bits(tuning.recall())).number(tuning.candidates());
    digest.number(bits(tuning.fusionConstant())).number(bits(tuning.denseWeight()));
    digest.number(bits(tuning.textWeight()));
    filter(digest, question.filter());
    return new Subject(digest.hex());
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value);
  }

  private static void filter(Digest digest, Filter filter) {
    digest.text(filter.expression()).number(filter.parameters().size());
    new TreeMap<>(filter.parameters())
        .forEach(
            (name, value) -> {
              digest.text(name);
              value(digest, value);
            });
  }

  private static void value(Digest digest, Object value) {
    if (value instanceof List<?> list) {
      digest.text("list").number(list.size());
      list.forEach(item -> value(digest, Objects.requireNonNull(item)));
    } else {
      digest.text(value.getClass().getSimpleName()).text(value.toString());
    }
  }

  /** Every text with its length before it: no two rows of parts have the same bytes. */
  private static final class Digest {
    private final MessageDigest sha = Sha256.digest();

    Digest text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      sha.update(bytes);
      return this;
    }

    Digest number(long number) {
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
      return this;
    }

    String hex() {
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    }
  }
}
