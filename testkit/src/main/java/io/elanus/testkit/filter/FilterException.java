package io.elanus.testkit.filter;

/** An expression that means nothing for the schema. */
public final class FilterException extends RuntimeException {
  FilterException(String message) {
    super(message, null, false, false);
  }
}
