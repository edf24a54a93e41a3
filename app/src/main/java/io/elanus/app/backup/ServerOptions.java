package io.elanus.app.backup;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to, and as whom. For picocli to fill. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ServerOptions {
  static final String DEFAULT = "http://127.0.0.1:19530";

  @Option(
      names = {"--server", "--uri"},
      paramLabel = "URI",
      description = "Running server (default: " + DEFAULT + ").")
  private @Nullable URI server;

  @Option(names = "--user", description = "User, where the server asks (default: root).")
  private String user = "root";

  @Option(names = "--password-file", paramLabel = "FILE", description = "File with the password.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--ca-certificate",
      paramLabel = "FILE",
      description =
          "PEM certificate that the server's is signed with, where the system does not know it.")
  private @Nullable Path caCertificate;

  boolean given() {
    return server != null;
  }

  /** With scheme, host and port. */
  public URI uri() {
    URI uri = server == null ? URI.create(DEFAULT) : server;
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw bad("--server must be like %s, got %s".formatted(DEFAULT, uri));
    }
    int port = uri.getPort() < 0 ? 19530 : uri.getPort();
    return URI.create("%s://%s:%d".formatted(uri.getScheme(), uri.getHost(), port));
  }

  /** User and password joined by a colon, as both protocols send them. */
  public Optional<String> credentials() {
    if (passwordFile == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(user + ":" + Files.readString(passwordFile).strip());
    } catch (IOException e) {
      throw bad("cannot read the password file %s".formatted(passwordFile));
    }
  }

  /** The value of an authorization header of gRPC's. */
  public Optional<String> basic() {
    return credentials()
        .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  public Optional<Path> caCertificate() {
    return Optional.ofNullable(caCertificate);
  }

  /** Trusts the given certificate alone. */
  public Optional<SSLContext> tls() {
    if (caCertificate == null) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(caCertificate)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int n = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + n++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return Optional.of(context);
    } catch (IOException | GeneralSecurityException e) {
      throw bad("cannot use the certificate %s: %s".formatted(caCertificate, e.getMessage()));
    }
  }

  /** A client for it, over HTTP/1.1; to be closed. */
  public HttpClient http() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    tls().ifPresent(builder::sslContext);
    return builder.build();
  }

  public static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
