package io.elanus.server.wire.rest.json;

/** A request that REST itself refuses, under the codes that only REST has. */
public final class RestException extends RuntimeException {
  /** Milvus's codes of REST. */
  public enum Code {
    UNIMPLEMENTED(10),
    NEED_AUTHENTICATION(1800),
    MALFORMED(1801),
    MISSING_PARAMETERS(1802),
    INSERT_DATA(1804),
    SEARCH_RESULT(1805),
    PRIMARY_KEY(1806);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  private final Code code;

  public RestException(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public static RestException malformed(String message) {
    return new RestException(
        Code.MALFORMED, "can only accept json format request, error: " + message);
  }

  public static RestException missing(Iterable<String> names) {
    return new RestException(
        Code.MISSING_PARAMETERS,
        "missing required parameters, error: the body needs " + String.join(", ", names));
  }

  public static RestException insertData(String message) {
    return new RestException(Code.INSERT_DATA, "fail to deal the insert data, error: " + message);
  }

  public static RestException primaryKey(String message) {
    return new RestException(
        Code.PRIMARY_KEY, "cannot check the primary key of the request, error: " + message);
  }

  public static RestException searchResult(String message) {
    return new RestException(Code.SEARCH_RESULT, "fail to parse search result, error: " + message);
  }

  public Code code() {
    return code;
  }
}
