package io.elanus.server.wire.rest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class BodyTest {
  @Test
  void membersAreReadAndDataIsOnlyPlaced() {
    Body body =
        parse("{\"a\":\"x\", \"data\" : [ {\"v\":1.50} , {} ], \"n\":7, \"s\":\"8\",\"f\":true}");
    assertThat(body.text("a")).isEqualTo("x");
    assertThat(body.text("absent", "otherwise")).isEqualTo("otherwise");
    assertThat(body.integer("n", 0)).isEqualTo(7);
    assertThat(body.integer("s", 0)).isEqualTo(8);
    assertThat(body.flag("f", false)).isTrue();
    assertThat(body.data().text()).isEqualTo("[ {\"v\":1.50} , {} ]");
  }

  @Test
  void nullMembersAreAbsent() {
    Body body = parse("{\"a\":null,\"data\":null,\"l\":null}");
    assertThat(body.has("a")).isFalse();
    assertThat(body.texts("l")).isEmpty();
    assertCode(() -> body.data(), RestException.Code.MISSING_PARAMETERS, "data");
  }

  @Test
  void allMissingParametersAreNamed() {
    assertCode(
        () -> parse("{\"b\":\"\",\"c\":1,\"e\":[]}").require("a", "b", "c", "data", "e"),
        RestException.Code.MISSING_PARAMETERS,
        "a, b, data, e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "[]",
        "3",
        "{",
        "{\"a\":}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "{\"data\":[1,2}",
        "{\"data\":\"open}"
      })
  void whatIsNoJsonObjectIsRefused(String text) {
    assertCode(() -> parse(text), RestException.Code.MALFORMED, "");
  }

  @Test
  void depthIsBounded() {
    for (String name : List.of("a", "data")) {
      assertCode(
          () -> parse("{\"" + name + "\":" + "[".repeat(100_000)),
          RestException.Code.MALFORMED,
          "nests deeper");
      assertCode(
          () -> parse(("{\"" + name + "\":").repeat(100_000)),
          RestException.Code.MALFORMED,
          "nests deeper");
    }
  }

  @Test
  void otherEncodingsAreRefused() {
    byte[] utf16 = "{\"data\":[]}".getBytes(StandardCharsets.UTF_16LE);
    assertCode(() -> Body.parse(utf16), RestException.Code.MALFORMED, "UTF-8");
  }

  @Test
  void brokenUtf8IsRefused() {
    byte[] bytes = "{\"data\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    bytes[9] = (byte) 0xFF;
    assertCode(() -> Body.parse(bytes), RestException.Code.MALFORMED, "");
  }

  @Test
  void typesAreChecked() {
    Body body = parse("{\"a\":[1],\"b\":\"x\",\"c\":1.5,\"d\":{}}");
    assertCode(() -> body.text("a"), RestException.Code.MALFORMED, "a must be a string");
    assertCode(() -> body.texts("a"), RestException.Code.MALFORMED, "array of strings, but is 1");
    assertCode(() -> body.integer("b", 0), RestException.Code.MALFORMED, "b must be an integer");
    assertCode(() -> body.integer("c", 0), RestException.Code.MALFORMED, "but is 1.5");
    assertCode(() -> body.flag("b", true), RestException.Code.MALFORMED, "true or false");
    assertCode(() -> body.object("a"), RestException.Code.MALFORMED, "must be an object");
    assertCode(() -> body.parts("a"), RestException.Code.MALFORMED, "array of objects");
    assertCode(() -> body.parts("d"), RestException.Code.MALFORMED, "array of objects");
  }

  public static Body parse(String text) {
    return Body.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  public static void assertCode(ThrowingCallable call, RestException.Code code, String part) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RestException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(part);
  }
}
