package io.elanus.app.rag;

import io.elanus.rag.generate.ApiKey;
import io.elanus.rag.generate.GeneratorConfig;
import io.elanus.rag.generate.GeneratorConfig.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * {@code rag.generator}: which model writes answers. Without {@code url} none does, and nothing is
 * ever asked of another machine.
 */
public record GeneratorSettings(Optional<GeneratorConfig> config) {
  private static final int RETRIES_MAX = 10;
  private static final int CONCURRENT_MAX = 10_000;

  static GeneratorSettings of(Section section) {
    return of(section, System.getenv());
  }

  static GeneratorSettings of(Section section, Map<String, String> environment) {
    Optional<String> url = section.string("url");
    String model = section.string("model", "");
    Optional<ApiKey> key = key(section, environment);
    Optional<String> temperature = section.string("temperature");
    String tokenField = section.string("token-field", "max_tokens");
    if (!tokenField.equals("max_tokens") && !tokenField.equals("max_completion_tokens")) {
      throw section.mistake("token-field must be max_tokens or max_completion_tokens");
    }
    Timeouts defaults = Timeouts.DEFAULT;
    Timeouts timeouts =
        new Timeouts(
            section.duration("connect-timeout", defaults.connect()),
            section.duration("first-timeout", defaults.first()),
            section.duration("between-timeout", defaults.between()),
            section.duration("total-timeout", defaults.total()));
    int retries = section.number("retries", 2, 0, RETRIES_MAX);
    int concurrent = section.number("concurrent", 32, 1, CONCURRENT_MAX);
    return new GeneratorSettings(
        url.map(
            address ->
                new GeneratorConfig(
                    uri(section, address),
                    model,
                    key,
                    temperature.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(temperature(section, temperature.get())),
                    tokenField,
                    timeouts,
                    retries,
                    concurrent)));
  }

  private static URI uri(Section section, String address) {
    try {
      return URI.create(address);
    } catch (IllegalArgumentException e) {
      throw section.mistake("url is no address; write one like http://127.0.0.1:11434/v1");
    }
  }

  private static double temperature(Section section, String text) {
    if (!text.matches("[01](\\.\\d{1,6})?|2(\\.0+)?")) {
      throw section.mistake("temperature must be a number from 0 to 2, got " + text);
    }
    return Double.parseDouble(text);
  }

  /** Never out of the configuration itself, which is read and shown in many places. */
  private static Optional<ApiKey> key(Section section, Map<String, String> environment) {
    Optional<Path> file = section.file("key-file");
    Optional<String> variable = section.string("key-variable");
    if (file.isPresent() && variable.isPresent()) {
      throw section.mistake("give either key-file or key-variable");
    }
    if (file.isPresent()) {
      try {
        return Optional.of(new ApiKey(Files.readString(file.get()).strip()));
      } catch (IOException e) {
        throw section.mistake("cannot read the key file " + file.get());
      }
    }
    return variable.map(
        name -> {
          String value = environment.get(name);
          if (value == null) {
            throw section.mistake("the environment has no variable " + name);
          }
          return new ApiKey(value.strip());
        });
  }
}
