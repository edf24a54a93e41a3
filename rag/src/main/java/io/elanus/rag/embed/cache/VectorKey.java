package io.elanus.rag.embed.cache;

import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.Model;
import io.elanus.rag.hash.Sha256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The first half of SHA-256 over model, purpose and text, each with its length before it. A text
 * cannot be found again from it.
 */
record VectorKey(long high, long low) {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What every key of a model and a purpose begins with. */
  static byte[] prefix(Model model, Purpose purpose) {
    String name = model.name();
    String version = model.version();
    return "%d:%s%d:%s%d %d %s "
        .formatted(
            name.length(),
            name,
            version.length(),
            version,
            model.dimension(),
            model.tokensMax(),
            purpose)
        .getBytes(StandardCharsets.UTF_8);
  }

  static VectorKey of(byte[] prefix, String text) {
    MessageDigest digest = Sha256.digest();
    digest.update(prefix);
    // Java's own units: charsets would make one of all halves of surrogate pairs.
    ByteBuffer units = ByteBuffer.allocate(text.length() * Character.BYTES);
    units.asCharBuffer().put(text);
    byte[] half = digest.digest(units.array());
    return new VectorKey((long) LONG.get(half, 0), (long) LONG.get(half, Long.BYTES));
  }

  String text() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
