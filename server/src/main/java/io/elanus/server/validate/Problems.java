package io.elanus.server.validate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;

/** The errors this folder throws, by what is wrong with the request. */
final class Problems {
  private Problems() {}

  static ElanusException argument(String sentence, Object... values) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence.formatted(values));
  }

  static ElanusException missing(String sentence, Object... values) {
    return new ElanusException(ErrorCode.MISSING_ARGUMENT, sentence.formatted(values));
  }

  static ElanusException schema(String sentence, Object... values) {
    return new ElanusException(ErrorCode.INVALID_SCHEMA, sentence.formatted(values));
  }

  static ElanusException rows(String sentence, Object... values) {
    return new ElanusException(ErrorCode.INVALID_ROWS, sentence.formatted(values));
  }

  static ElanusException unsupported(String sentence, Object... values) {
    return new ElanusException(ErrorCode.UNSUPPORTED, sentence.formatted(values));
  }
}
