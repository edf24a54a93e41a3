package io.elanus.app.rag;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.limit.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A map of the configuration, read key by key. What was asked for is what is known: after the
 * reader is through, a key nobody asked for is an error that names those that were.
 */
final class Section {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|h)");

  private final String path;
  private final Map<?, ?> values;
  private final TreeSet<String> asked = new TreeSet<>();

  private Section(String path, Map<?, ?> values) {
    this.path = path;
    this.values = values;
  }

  /**
   * @param yaml a map, or null for an empty one
   */
  static <T> T read(String path, @Nullable Object yaml, Function<Section, T> reader) {
    if (yaml != null && !(yaml instanceof Map)) {
      throw bad("%s must be keys and values, got %s".formatted(path, yaml));
    }
    Section section = new Section(path, yaml instanceof Map<?, ?> map ? map : Map.of());
    T read = reader.apply(section);
    for (Object key : section.values.keySet()) {
      if (!section.asked.contains(String.valueOf(key))) {
        throw bad("unknown setting %s.%s; known here are %s".formatted(path, key, section.asked));
      }
    }
    return read;
  }

  /** A section of this one, empty where it is absent. */
  <T> T section(String key, Function<Section, T> reader) {
    return read(path + "." + key, value(key), reader);
  }

  /** Each of a list of sections; none where the key is absent. */
  <T> List<T> sections(String key, Function<Section, T> reader) {
    List<T> read = new ArrayList<>();
    for (Object one : items(key)) {
      read.add(read("%s.%s[%d]".formatted(path, key, read.size()), one, reader));
    }
    return List.copyOf(read);
  }

  List<String> strings(String key) {
    return items(key).stream().map(String::valueOf).toList();
  }

  private List<?> items(String key) {
    Object value = value(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw bad("%s.%s must be a list, got %s".formatted(path, key, value));
  }

  Optional<String> string(String key) {
    Object value = value(key);
    if (value instanceof Map || value instanceof List) {
      throw bad("%s.%s must be a single value".formatted(path, key));
    }
    return Optional.ofNullable(value).map(Object::toString);
  }

  String string(String key, String absent) {
    return string(key).orElse(absent);
  }

  Optional<Path> file(String key) {
    return string(key).map(Path::of);
  }

  boolean flag(String key, boolean absent) {
    return switch (string(key, Boolean.toString(absent))) {
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw bad("%s.%s must be true or false, got %s".formatted(path, key, other));
    };
  }

  int number(String key, int absent, int least, int most) {
    String value = string(key, Integer.toString(absent));
    long number = value.matches("-?\\d{1,10}") ? Long.parseLong(value) : Long.MIN_VALUE;
    if (number < least || number > most) {
      throw bad(
          "%s.%s must be a whole number from %d to %d, got %s"
              .formatted(path, key, least, most, value));
    }
    return (int) number;
  }

  double fraction(String key, double absent) {
    String value = string(key, Double.toString(absent));
    double number = value.matches("\\d{1,3}(\\.\\d{1,9})?") ? Double.parseDouble(value) : -1;
    if (number < 0 || number > 1) {
      throw bad("%s.%s must be a number from 0 to 1, got %s".formatted(path, key, value));
    }
    return number;
  }

  /** A span such as 250ms, 30s, 5m or 2h. */
  Duration duration(String key, Duration absent) {
    Optional<String> value = string(key);
    if (value.isEmpty()) {
      return absent;
    }
    Matcher parts = DURATION.matcher(value.get().strip());
    if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
      throw bad(
          "%s.%s must be a time such as 250ms, 30s, 5m or 2h, got %s"
              .formatted(path, key, value.get()));
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  /** A size such as 512MiB, 4GiB or 1073741824. */
  long bytes(String key, long absent) {
    String value = string(key, Long.toString(absent));
    return ByteSize.parse(value)
        .orElseThrow(
            () -> bad("%s.%s must be %s, got %s".formatted(path, key, ByteSize.SHAPE, value)));
  }

  /** One of an enum's names, in lower case and with hyphens. */
  <E extends Enum<E>> E choice(String key, E absent) {
    String value = string(key, spelled(absent));
    List<String> known = new ArrayList<>();
    for (E constant : absent.getDeclaringClass().getEnumConstants()) {
      if (spelled(constant).equals(value)) {
        return constant;
      }
      known.add(spelled(constant));
    }
    throw bad("%s.%s must be one of %s, got %s".formatted(path, key, known, value));
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A mistake in this section, to throw. */
  ElanusException mistake(String sentence) {
    return bad(path + ": " + sentence);
  }

  /** As the file has it, for what has a shape of its own. */
  @Nullable Object raw(String key) {
    return value(key);
  }

  private @Nullable Object value(String key) {
    asked.add(key);
    return values.get(key);
  }

  private static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }
}
