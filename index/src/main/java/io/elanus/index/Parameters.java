package io.elanus.index;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Map;

/** Reads numbers out of parameters given as text, within their range. */
public final class Parameters {
  private Parameters() {}

  /** The integer of that name in [min, max], or the default where it is absent. */
  public static int integer(
      Map<String, String> params, String name, int fallback, int min, int max) {
    String text = params.get(name);
    if (text == null) {
      return fallback;
    }
    long value;
    try {
      value = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw invalid("%s must be an integer, got %s".formatted(name, text));
    }
    if (value < min || value > max) {
      throw invalid(
          "Out of range in json: param '%s' (%d) should be in range [%d, %d]"
              .formatted(name, value, min, max));
    }
    return (int) value;
  }

  public static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
