package io.elanus.server.wire.rest;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.reply.Statuses;
import io.elanus.server.wire.rest.json.Json;
import io.elanus.server.wire.rest.json.RestException;
import io.milvus.grpc.Status;

/**
 * Answers over HTTP. All errors are {@code 200} with {@code {"code":…,"message":…}}, except for
 * those who are nobody (401) or may not (403), and for paths and methods that do not exist.
 */
final class RestReplies {
  private RestReplies() {}

  static HttpResponse success(byte[] json) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(json));
  }

  static HttpResponse of(RestException error) {
    return error(HttpStatus.OK, error.code().number(), String.valueOf(error.getMessage()));
  }

  static HttpResponse of(ElanusException error) {
    if (error.code() == ErrorCode.NOT_AUTHENTICATED) {
      int code = RestException.Code.NEED_AUTHENTICATION.number();
      return error(HttpStatus.UNAUTHORIZED, code, error.getMessage());
    }
    Status status = Statuses.of(error);
    HttpStatus http =
        error.code() == ErrorCode.NOT_PERMITTED ? HttpStatus.FORBIDDEN : HttpStatus.OK;
    return error(http, status.getCode(), status.getReason());
  }

  static HttpResponse unknownPath(String path, String nearest) {
    return error(
        HttpStatus.NOT_FOUND,
        HttpStatus.NOT_FOUND.code(),
        "there is no path " + path + "; did you mean " + nearest + "?");
  }

  static HttpResponse wrongMethod(String method) {
    return error(
        HttpStatus.METHOD_NOT_ALLOWED,
        HttpStatus.METHOD_NOT_ALLOWED.code(),
        "every path takes POST with a JSON body, but the request is a " + method);
  }

  static HttpResponse oldVersion(String base) {
    return error(
        HttpStatus.OK,
        RestException.Code.UNIMPLEMENTED.number(),
        "version 1 of the REST interface is not offered; use the paths under " + base);
  }

  static ElanusException tooLarge(int bytesMax) {
    return new ElanusException(
        ErrorCode.TOO_LARGE, "the body is longer than " + bytesMax + " bytes; send it in parts");
  }

  /** What the port itself refuses, before any route is asked. */
  static AggregatedHttpResponse refusal(HttpStatus http, int bytesMax) {
    if (http.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
      Status status = Statuses.of(tooLarge(bytesMax));
      return aggregated(HttpStatus.OK, json(status.getCode(), status.getReason()));
    }
    return aggregated(http, json(http.code(), http.reasonPhrase()));
  }

  private static AggregatedHttpResponse aggregated(HttpStatus http, byte[] json) {
    return AggregatedHttpResponse.of(http, MediaType.JSON_UTF_8, HttpData.wrap(json));
  }

  private static HttpResponse error(HttpStatus http, int code, String message) {
    return HttpResponse.of(http, MediaType.JSON_UTF_8, HttpData.wrap(json(code, message)));
  }

  private static byte[] json(int code, String message) {
    return Json.write(
        out -> {
          out.writeStartObject();
          out.writeNumberField("code", code);
          out.writeStringField("message", message);
          out.writeEndObject();
        });
  }
}
