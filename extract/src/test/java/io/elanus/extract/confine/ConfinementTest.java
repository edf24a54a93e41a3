package io.elanus.extract.confine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is taken from a child is gone: tried by a real one, before and after. */
class ConfinementTest {
  /** The child: tries everything, confines itself, tries again. */
  public static final class Tries {
    private Tries() {}

    public static void main(String[] arguments) throws Exception {
      int port = Integer.parseInt(arguments[0]);
      System.out.println("before " + connects(port) + " " + runs());
      boolean confined = Confinement.apply();
      System.out.println("confined " + confined);
      System.out.println("after " + connects(port) + " " + runs());
      Thread late = Thread.ofPlatform().start(() -> System.out.println("late " + connects(port)));
      late.join();
      byte[][] garbage = new byte[16][];
      for (int i = 0; i < garbage.length; i++) {
        garbage[i] = new byte[1 << 20];
      }
      System.gc();
      System.out.println("alive");
    }

    private static boolean connects(int port) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    }

    private static boolean runs() throws InterruptedException {
      try {
        return new ProcessBuilder("/bin/true").start().waitFor() == 0;
      } catch (IOException e) {
        return false;
      }
    }
  }

  @Test
  void noConnectionsAndNoPrograms() throws Exception {
    if (!System.getProperty("os.name").equals("Linux")) {
      assertThat(Confinement.apply()).isFalse();
      return;
    }
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Tries.class.getName(),
                  Integer.toString(server.getLocalPort()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(said.lines())
          .containsExactly(
              "before true true", "confined true", "after false false", "late false", "alive");
    }
  }
}
