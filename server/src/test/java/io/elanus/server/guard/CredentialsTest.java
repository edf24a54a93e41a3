package io.elanus.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What callers say about themselves, in the forms that clients have for it. */
class CredentialsTest {
  @Test
  void formsOfGrpcAndHttp() {
    assertThat(Credentials.ofGrpc(null)).isEqualTo(Credentials.NONE);
    assertThat(Credentials.ofGrpc("")).isEqualTo(Credentials.NONE);
    assertThat(Credentials.ofGrpc(base64(":"))).isEqualTo(Credentials.NONE);
    user(Credentials.ofGrpc(base64("ann:p:w")), "ann", "p:w");
    assertThat(Credentials.ofGrpc(base64("key"))).isInstanceOf(Credentials.Token.class);
    assertThat(Credentials.ofGrpc("not base64!")).isInstanceOf(Credentials.Unreadable.class);
    user(Credentials.ofHttp("Bearer ann:pw"), "ann", "pw");
    user(Credentials.ofHttp("bearer ann:pw"), "ann", "pw");
    user(Credentials.ofHttp("Basic " + base64("ann:pw")), "ann", "pw");
    assertThat(Credentials.ofHttp("Bearer key")).isInstanceOf(Credentials.Token.class);
    assertThat(Credentials.ofHttp("Digest x")).isInstanceOf(Credentials.Unreadable.class);
    assertThat(Credentials.ofHttp(null)).isEqualTo(Credentials.NONE);
  }

  @Test
  void openGuardBelievesNames() {
    OpenGuard guard = new OpenGuard();
    assertThat(guard.authenticate(Credentials.ofGrpc(base64("ann:pw")))).isEqualTo("ann");
    assertThat(guard.authenticate(Credentials.NONE)).isEmpty();
    assertThat(guard.authenticate(Credentials.ofGrpc("not base64!"))).isEmpty();
  }

  @Test
  void secretsAreNotPrinted() {
    Credentials credentials = Credentials.ofGrpc(base64("ann:hunter2"));
    assertThat(credentials.toString()).contains("ann", "***").doesNotContain("hunter2");
    assertThat(new Secret("a").matches(new Secret("a"))).isTrue();
    assertThat(new Secret("a").matches(new Secret("ab"))).isFalse();
    assertThatThrownBy(() -> new PasswordGuard(new Secret(""))).hasMessageContaining("empty");
  }

  private static void user(Credentials credentials, String name, String password) {
    assertThat(credentials)
        .isInstanceOfSatisfying(
            Credentials.UserPassword.class,
            user -> {
              assertThat(user.user()).isEqualTo(name);
              assertThat(user.password().matches(new Secret(password))).isTrue();
            });
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
