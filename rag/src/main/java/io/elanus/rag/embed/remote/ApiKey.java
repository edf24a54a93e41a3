package io.elanus.rag.embed.remote;

import java.util.Optional;

/** A provider's key. It prints as {@code ***}. */
public final class ApiKey {
  public static final ApiKey NONE = new ApiKey("");

  private final String value;

  public ApiKey(String value) {
    this.value = value;
  }

  /** The value of the header Authorization. */
  Optional<String> bearer() {
    return value.isEmpty() ? Optional.empty() : Optional.of("Bearer " + value);
  }

  /** The sentence without the key, should a provider have repeated it. */
  String out(String sentence) {
    return value.isEmpty() ? sentence : sentence.replace(value, "***");
  }

  @Override
  public String toString() {
    return "***";
  }
}
