package io.elanus.rag.embed.local;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.hash.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The two files of a model, read whole. */
record ModelBytes(byte[] model, byte[] tokenizer) {
  private static final String BOXED = "/all-minilm-l6-v2-q";
  private static final int VERSION_DIGITS = 16;

  static ModelBytes read(LocalConfig config) {
    return config
        .files()
        .map(files -> new ModelBytes(file(files.model()), file(files.tokenizer())))
        .orElseGet(() -> new ModelBytes(boxed(".onnx"), boxed("-tokenizer.json")));
  }

  /** Differs wherever the vectors of some text may: files, pooling, prefixes. */
  String version(LocalConfig config) {
    MessageDigest digest = Sha256.digest();
    digest.update(model);
    digest.update(tokenizer);
    String rest = config.pooling() + "\0" + config.queryPrefix() + "\0" + config.documentPrefix();
    digest.update(rest.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
  }

  static byte[] file(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "cannot read the file %s of the embedding model: %s".formatted(file, e.getMessage()),
          e);
    }
  }

  static byte[] boxed(String ending) {
    try (InputStream in = ModelBytes.class.getResourceAsStream(BOXED + ending)) {
      if (in == null) {
        throw new IllegalStateException("the model is not on the class path: " + BOXED + ending);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("the model on the class path cannot be read", e);
    }
  }
}
