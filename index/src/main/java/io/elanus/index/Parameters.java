package io.elanus.index;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Locale;
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

  /** The number of that name in [min, max], or the default where it is absent. */
  public static double number(
      Map<String, String> params, String name, double fallback, double min, double max) {
    String text = params.get(name);
    if (text == null) {
      return fallback;
    }
    double value;
    try {
      value = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw invalid("%s must be a number, got %s".formatted(name, text));
    }
    // Written so that NaN is refused as well.
    if (!(value >= min && value <= max)) {
      throw invalid(
          "Out of range in json: param '%s' (%s) should be in range [%s, %s]"
              .formatted(name, text, min, max));
    }
    return value;
  }

  /** The boolean of that name, in any case, or the default where it is absent. */
  public static boolean bool(Map<String, String> params, String name, boolean fallback) {
    String text = params.get(name);
    if (text == null) {
      return fallback;
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("%s must be true or false, got %s".formatted(name, text));
    };
  }

  public static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
