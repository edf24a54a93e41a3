package io.elanus.e2e.campaign;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** Where the built server lies, and where one of it may listen. */
public final class Checkout {
  public static final int PORT_FIRST = 21_000;

  /** Ports above are used for outgoing connections, and binds to them collide at times. */
  private static final int PORT_LAST = 31_000;

  private Checkout() {}

  /** The folder that holds the launcher. */
  public static Path folder() {
    File folder = new File("").getAbsoluteFile();
    while (folder != null && !new File(folder, "elanus").isFile()) {
      folder = folder.getParentFile();
    }
    if (folder == null) {
      throw new IllegalStateException("not inside a checkout");
    }
    return folder.toPath();
  }

  /** A port of loopback that nobody has, from this one on. */
  public static int freePort(int from) {
    for (int candidate = from; candidate < PORT_LAST; candidate++) {
      try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; the next one.
      }
    }
    throw new IllegalStateException("no free port");
  }
}
