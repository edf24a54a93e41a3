package io.elanus.model.error;

import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses doors. Its message is a sentence for the user: what is wrong, with
 * the offending names and values, and what to do where that is not obvious. No internal class names
 * or paths.
 */
public final class ElanusException extends RuntimeException {
  private final ErrorCode code;

  public ElanusException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ElanusException(ErrorCode code, String message, @Nullable Throwable cause) {
    // A user's mistake needs no stack trace, and taking one costs more than many requests do.
    super(message, cause, false, code.kind() != ErrorCode.Kind.USER);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? code.remedy() : message;
  }
}
