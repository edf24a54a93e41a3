package io.elanus.app.mcp;

import io.elanus.app.backup.ServerOptions;
import io.elanus.app.serve.Version;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.mcp.StandardBridge;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code elanus mcp}. */
@Command(
    name = "mcp",
    description = {
      "Offer a running server's documents as tools of the Model Context Protocol, over standard",
      "input and output, to programs that start a process for that. Ends with its input."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class McpCommand implements Callable<Integer> {
  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws InterruptedException {
    URI base = server.uri();
    // Whatever else is printed would be taken for a message.
    PrintStream messages = System.out;
    System.setOut(System.err);
    EndingInput input = new EndingInput(System.in);
    Optional<String> authorization = server.basic().map(text -> "Basic " + text);
    StandardBridge bridge;
    try {
      bridge =
          new StandardBridge(
              base,
              authorization,
              http -> server.tls().ifPresent(http::sslContext),
              input,
              messages,
              Version.NUMBER);
    } catch (RuntimeException e) {
      throw new ElanusException(
          ErrorCode.NOT_READY,
          "the server at %s does not offer its tools; is it running, and are user and password right?"
              .formatted(base),
          e);
    }
    try (bridge) {
      input.ended.await();
    }
    return 0;
  }

  /** Tells when there is no more input. */
  private static final class EndingInput extends FilterInputStream {
    private final CountDownLatch ended = new CountDownLatch(1);

    EndingInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return told(super.read());
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return told(super.read(bytes, from, length));
    }

    private int told(int read) {
      if (read < 0) {
        ended.countDown();
      }
      return read;
    }
  }
}
