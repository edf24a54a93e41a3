package io.elanus.rag.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Values that a filter compares with. */
final class Constants {
  private static final Pattern ZONED = Pattern.compile("([zZ]|T.*[+-]\\d{2}(:\\d{2}){0,2})$");

  private Constants() {}

  /** Boolean, Long, Double or String; a date for {@code timestamp} as its milliseconds. */
  static Object of(Place place, JsonNode value) {
    if (place.kind() == Place.Kind.TIMESTAMP && value.isTextual()) {
      return millis(value.textValue());
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isFloatingPointNumber() && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    if (value.isNumber()) {
      throw MongoFilter.bad("the number %s does not fit 64 bits", MongoFilter.shown(value));
    }
    throw MongoFilter.bad(
        "%s is compared with %s; values are texts, numbers, true and false",
        place.name(), MongoFilter.shown(value));
  }

  /** Milliseconds since 1970 of an ISO 8601 date; where it names no zone, of UTC. */
  static long millis(String date) {
    try {
      if (date.length() <= "2026-01-01".length()) {
        return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      }
      Instant instant =
          ZONED.matcher(date).find()
              ? OffsetDateTime.parse(date).toInstant()
              : LocalDateTime.parse(date).toInstant(ZoneOffset.UTC);
      return instant.toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw MongoFilter.bad(
          "timestamp is compared with %s, which is no date such as 2026-01-31 or 2026-01-31T12:00:00Z",
          date.length() <= 40 ? date : date.substring(0, 40) + "…");
    }
  }
}
