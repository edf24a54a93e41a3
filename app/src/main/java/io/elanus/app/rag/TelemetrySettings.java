package io.elanus.app.rag;

import io.elanus.model.error.ElanusException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code telemetry} of the configuration: where spans go. OpenTelemetry's variables of
 * the environment go before it.
 *
 * @param endpoint of a receiver that speaks OTLP over HTTP; empty for none
 * @param headers sent with each export; secrets
 * @param certificate of a receiver whose certificate no authority signed, PEM
 * @param timeout of one export
 * @param serviceName under which the spans are found
 * @param samplingRatio of traces that begin here; a caller's decision goes before it
 */
public record TelemetrySettings(
    Optional<URI> endpoint,
    Map<String, String> headers,
    Optional<Path> certificate,
    Duration timeout,
    String serviceName,
    double samplingRatio) {
  public static final TelemetrySettings DEFAULT = of(null);

  public TelemetrySettings {
    headers = Map.copyOf(headers);
  }

  /**
   * @param yaml what stands under {@code telemetry}; null for nothing
   * @throws ElanusException INVALID_ARGUMENT that names the key
   */
  public static TelemetrySettings of(@Nullable Object yaml) {
    return Section.read(
        "telemetry",
        yaml,
        section -> {
          String name = section.string("service-name", "elanus");
          double ratio = section.fraction("sampling-ratio", 1);
          return section.section("otlp", otlp -> otlp(otlp, name, ratio));
        });
  }

  private static TelemetrySettings otlp(Section section, String name, double ratio) {
    return new TelemetrySettings(
        section.string("endpoint").map(value -> address(section, value)),
        section.file("headers-file").map(file -> headers(section, file)).orElse(Map.of()),
        section.file("certificate"),
        section.duration("timeout", Duration.ofSeconds(10)),
        name,
        ratio);
  }

  private static URI address(Section section, String value) {
    try {
      URI address = URI.create(value);
      String scheme = String.valueOf(address.getScheme());
      if (address.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw section.mistake("%s is no address".formatted(value));
    }
    throw section.mistake(
        "endpoint must be an address such as http://127.0.0.1:4318, got %s".formatted(value));
  }

  /** Lines of {@code name: value}; others are not repeated, they may be secrets. */
  private static Map<String, String> headers(Section section, Path file) {
    Map<String, String> headers = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines(section, file)) {
      number++;
      int colon = line.indexOf(':');
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      if (!name.matches("[A-Za-z0-9_-]{1,100}")) {
        throw section.mistake(
            "line %d of %s must be the name of a header, a colon and its value"
                .formatted(number, file));
      }
      headers.put(name, line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static Iterable<String> lines(Section section, Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw section.mistake("cannot read the file " + file);
    }
  }

  /** Headers' names alone. */
  @Override
  public String toString() {
    return "TelemetrySettings[%s, headers %s, %s, ratio %s]"
        .formatted(endpoint, new TreeMap<>(headers).keySet(), serviceName, samplingRatio);
  }
}
