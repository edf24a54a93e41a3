package io.elanus.server.wire.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.Caller;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.server.wire.calls.Call;
import io.grpc.Metadata;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the metadata that clients send with every call. */
final class CallReader {
  private static final Metadata.Key<String> DATABASE = key("dbname");
  private static final Metadata.Key<String> CLIENT = key("identifier");
  private static final Metadata.Key<String> REQUEST = key("client-request-id");

  private final InstantSource clock;

  CallReader(InstantSource clock) {
    this.clock = clock;
  }

  Call read(Metadata headers) {
    @Nullable String principal = GuardInterceptor.PRINCIPAL.get();
    String database = text(headers, DATABASE);
    Caller caller =
        new Caller(
            principal == null ? "" : principal,
            database.isEmpty() ? DatabaseInfo.DEFAULT : database,
            Map.of(),
            deadline());
    return new Call(caller, client(headers), text(headers, REQUEST));
  }

  /** The client's own deadline, or the server's limit for those that set none. */
  private Instant deadline() {
    ServiceRequestContext context = ServiceRequestContext.currentOrNull();
    long millis = context == null ? 0 : context.requestTimeoutMillis();
    return millis <= 0 ? Instant.MAX : clock.instant().plusMillis(millis);
  }

  /** A client that sends nonsense is one we do not know; nothing depends on it. */
  private static long client(Metadata headers) {
    String sent = text(headers, CLIENT);
    if (sent.isEmpty()) {
      // Many clients send none; an exception for each call would cost more than reading it.
      return 0;
    }
    try {
      return Long.parseLong(sent);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String text(Metadata headers, Metadata.Key<String> key) {
    @Nullable String value = headers.get(key);
    return value == null ? "" : value.trim();
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
