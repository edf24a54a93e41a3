package io.elanus.rag.embed.cache;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks as much of Redis's protocol as vectors need, as well or as badly as it is told. */
final class RespServer implements AutoCloseable {
  enum Mood {
    WELL,
    SILENT,
    GARBAGE,
    LOADING
  }

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  final Map<String, byte[]> values = new ConcurrentHashMap<>();
  final List<String> commands = new CopyOnWriteArrayList<>();
  volatile Mood mood = Mood.WELL;

  RespServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private Void accept() throws IOException {
    while (true) {
      Socket client = socket.accept();
      open.add(client);
      threads.submit(() -> serve(client));
    }
  }

  private Void serve(Socket client) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    while (true) {
      List<byte[]> command = command(in);
      String name = new String(command.getFirst(), StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
      commands.add(name);
      switch (mood) {
        case WELL -> out.write(answer(name, command));
        case SILENT -> {}
        case GARBAGE -> out.write("<html>no redis here</html>\r\n".repeat(5).getBytes());
        case LOADING -> out.write("-LOADING the data set is being read\r\n".getBytes());
      }
      out.flush();
    }
  }

  private byte[] answer(String name, List<byte[]> command) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (name) {
      case "HELLO" -> out.write("-ERR unknown command\r\n".getBytes());
      case "MGET" -> {
        out.write(("*" + (command.size() - 1) + "\r\n").getBytes());
        for (byte[] key : command.subList(1, command.size())) {
          byte[] value = values.get(new String(key, StandardCharsets.UTF_8));
          if (value == null) {
            out.write("$-1\r\n".getBytes());
          } else {
            out.write(("$" + value.length + "\r\n").getBytes());
            out.write(value);
            out.write("\r\n".getBytes());
          }
        }
      }
      case "PSETEX" -> {
        values.put(new String(command.get(1), StandardCharsets.UTF_8), command.get(3));
        out.write("+OK\r\n".getBytes());
      }
      default -> out.write("+OK\r\n".getBytes());
    }
    return out.toByteArray();
  }

  private static List<byte[]> command(InputStream in) throws IOException {
    int parts = number(in);
    List<byte[]> command = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      command.add(in.readNBytes(number(in)));
      in.skipNBytes(2);
    }
    return command;
  }

  private static int number(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed");
      }
      line.append((char) c);
    }
    return Integer.parseInt(line.substring(1).strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket client : open) {
      client.close();
    }
    threads.shutdownNow();
  }
}
