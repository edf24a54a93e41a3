package io.elanus.rag.generate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;

/** A provider's key. It prints as {@code ***}. */
public final class ApiKey {
  private final String value;

  /** Characters that a header may hold; INVALID_ARGUMENT otherwise, which does not show the key. */
  public ApiKey(String value) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the key of the generator is empty or holds characters that no key has; look at the file"
              + " or variable it is read from");
    }
    this.value = value;
  }

  String header() {
    return "Bearer " + value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
