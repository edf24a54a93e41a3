package io.elanus.rag.embed;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.List;

/** What is said where a model is asked for that is not here. */
public final class Mismatch {
  private Mismatch() {}

  /**
   * @param here the usual one
   */
  public static ElanusException of(Model stored, String collection, Model here) {
    return new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        ("the vectors of the collection %s were made by the model %s, and this server embeds with"
                + " %s; configure that model too, under rag.embedders, use another collection, or"
                + " search this one with mode text")
            .formatted(collection, stored.shown(), here.shown()));
  }

  public static ElanusException unknown(String name, List<String> names) {
    return new ElanusException(
        ErrorCode.INVALID_ARGUMENT,
        "this server has no model named %s; it has %s, and more are configured under rag.embedders"
            .formatted(name.length() <= 80 ? name : name.substring(0, 80) + "…", names));
  }
}
