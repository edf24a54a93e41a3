package io.elanus.app.telemetry;

import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.app.rag.TelemetrySettings;
import io.elanus.app.serve.Version;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.trace.RequestSpans;
import io.elanus.server.Mount;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * OpenTelemetry's SDK, where a receiver is named by our settings or by {@code
 * OTEL_EXPORTER_OTLP_ENDPOINT}; nothing is loaded, mounted or wrapped where none is. The standard
 * variables of the environment go before our settings; metrics and logs are not sent.
 */
public final class Tracing implements Mount, AutoCloseable {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

  /** A receiver that is not there is not waited for longer than this when the server stops. */
  private static final int STOP_SECONDS = 3;

  private final Optional<OpenTelemetrySdk> sdk;

  private Tracing(Optional<OpenTelemetrySdk> sdk) {
    this.sdk = sdk;
  }

  /** Without spans. */
  public static Tracing off() {
    return new Tracing(Optional.empty());
  }

  /**
   * @param environment of the process, as {@link System#getenv()}
   * @throws ElanusException INVALID_ARGUMENT
   */
  public static Tracing start(
      TelemetrySettings settings, Map<String, String> environment, MeterRegistry registry) {
    if (!isOn(settings, environment)) {
      return off();
    }
    for (String name :
        new String[] {"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"}) {
      String protocol = environment.getOrDefault(name, "");
      if (!protocol.isBlank() && !protocol.strip().equals("http/protobuf")) {
        throw bad(
            "%s is %s, but spans are sent as http/protobuf alone; point the endpoint at the receiver's port for that, 4318 as a rule"
                .formatted(name, protocol));
      }
    }
    try {
      return new Tracing(Optional.of(sdk(settings, environment, registry)));
    } catch (ConfigurationException | IllegalArgumentException e) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "OpenTelemetry cannot be set up: " + e.getMessage(), e);
    }
  }

  private static boolean isOn(TelemetrySettings settings, Map<String, String> environment) {
    boolean disabled =
        "true".equalsIgnoreCase(environment.getOrDefault("OTEL_SDK_DISABLED", "").strip())
            || "none"
                .equalsIgnoreCase(environment.getOrDefault("OTEL_TRACES_EXPORTER", "").strip());
    return !disabled
        && (settings.endpoint().isPresent()
            || !environment.getOrDefault(ENDPOINT, "").isBlank()
            || !environment.getOrDefault(TRACES_ENDPOINT, "").isBlank());
  }

  private static OpenTelemetrySdk sdk(
      TelemetrySettings settings, Map<String, String> environment, MeterRegistry registry) {
    ToldExporter.silenceTheLibrary();
    Map<String, String> ours = properties(settings);
    return AutoConfiguredOpenTelemetrySdk.builder()
        .disableShutdownHook()
        .addPropertiesSupplier(() -> ours)
        .addPropertiesCustomizer(
            given -> Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none"))
        .addResourceCustomizer(
            (resource, given) ->
                Resource.create(
                        io.opentelemetry.api.common.Attributes.builder()
                            .put("service.version", Version.NUMBER)
                            .build())
                    .merge(resource))
        .addSpanExporterCustomizer(
            (exporter, given) ->
                new ToldExporter(
                    exporter, where(settings, environment), registry, System::nanoTime))
        .build()
        .getOpenTelemetrySdk();
  }

  private static Map<String, String> properties(TelemetrySettings settings) {
    Map<String, String> ours = new HashMap<>();
    ours.put("otel.service.name", settings.serviceName());
    ours.put("otel.exporter.otlp.protocol", "http/protobuf");
    ours.put("otel.exporter.otlp.timeout", Long.toString(settings.timeout().toMillis()));
    ours.put("otel.exporter.otlp.compression", "gzip");
    ours.put("otel.propagators", "tracecontext");
    ours.put("otel.traces.sampler", "parentbased_traceidratio");
    ours.put("otel.traces.sampler.arg", Double.toString(settings.samplingRatio()));
    settings
        .endpoint()
        .ifPresent(address -> ours.put("otel.exporter.otlp.endpoint", address.toString()));
    settings
        .certificate()
        .ifPresent(file -> ours.put("otel.exporter.otlp.certificate", file.toString()));
    if (!settings.headers().isEmpty()) {
      ours.put(
          "otel.exporter.otlp.headers",
          settings.headers().entrySet().stream()
              .map(header -> header.getKey() + "=" + encoded(header.getValue()))
              .collect(Collectors.joining(",")));
    }
    return ours;
  }

  /** A blank may not become a plus, which the reader leaves as it is. */
  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String where(TelemetrySettings settings, Map<String, String> environment) {
    String named =
        environment.getOrDefault(TRACES_ENDPOINT, environment.getOrDefault(ENDPOINT, ""));
    String where = named.isBlank() ? settings.endpoint().map(Object::toString).orElse("") : named;
    // A user and a password may stand before the host.
    return where.replaceFirst("//[^/]*@", "//");
  }

  private static ElanusException bad(String sentence) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence);
  }

  public Tracer tracer(String scope) {
    return sdk.<OpenTelemetry>map(on -> on).orElseGet(OpenTelemetry::noop).getTracer(scope);
  }

  /** Threads whose work belongs to the trace of whoever hands it over. */
  public ExecutorService carried(ExecutorService threads) {
    return sdk.isPresent() ? Context.taskWrapping(threads) : threads;
  }

  /** Threads whose work belongs to the trace of whoever hands it over. */
  public Executor carried(Executor threads) {
    return sdk.isPresent() ? Context.taskWrapping(threads) : threads;
  }

  /** A span around every request of the port. */
  @Override
  public void on(ServerBuilder server) {
    if (sdk.isPresent()) {
      server.decorator(new RequestSpans(tracer("io.elanus.server")));
    }
  }

  /** Sends what is left. */
  @Override
  public void close() {
    sdk.ifPresent(
        on -> {
          on.getSdkTracerProvider().forceFlush().join(STOP_SECONDS, TimeUnit.SECONDS);
          on.getSdkTracerProvider().shutdown().join(STOP_SECONDS, TimeUnit.SECONDS);
        });
  }
}
