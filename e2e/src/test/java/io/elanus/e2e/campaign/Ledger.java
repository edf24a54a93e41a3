package io.elanus.e2e.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was sent and what was acknowledged, kept outside the server: in the memory of this process
 * and, line by line, in a file of its own that is forced before each judgement.
 *
 * <pre>
 * number  owner  sent   verb  key=value …     before the request leaves
 * number  owner  ok                           the server acknowledged it
 * number  owner  refused  sentence            the server said no; the outcome is open until read
 * number  owner  whole | undone               what a restart made of an operation that was open
 * </pre>
 */
final class Ledger implements AutoCloseable {
  private final FileChannel file;
  private final StringBuilder waiting = new StringBuilder();
  private final Map<String, Long> acknowledgedCalls = new TreeMap<>();
  private final Map<String, Long> openAtKill = new TreeMap<>();
  private final List<Owner> owners = new ArrayList<>();
  private long number;
  private long acknowledgedRows;

  Ledger(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  Owner owner(String collection, int rowsMax) {
    Owner owner = new Owner(owners.size() + 1, collection, rowsMax);
    owners.add(owner);
    return owner;
  }

  List<Owner> owners() {
    return owners;
  }

  /** The number of an operation that is about to be sent. */
  synchronized long sent(int owner, String verb, String what) {
    number++;
    line(number + " " + owner + " sent " + verb + " " + what);
    return number;
  }

  synchronized void ok(long operation, int owner, String verb, int rows) {
    line(operation + " " + owner + " ok");
    acknowledgedCalls.merge(verb, 1L, Long::sum);
    acknowledgedRows += rows;
  }

  synchronized void refused(long operation, int owner, String sentence) {
    line(operation + " " + owner + " refused " + sentence.replace('\n', ' '));
  }

  synchronized void settled(long operation, int owner, boolean whole) {
    line(operation + " " + owner + (whole ? " whole" : " undone"));
  }

  synchronized void openAtKill(String verb) {
    openAtKill.merge(verb, 1L, Long::sum);
  }

  private void line(String text) {
    waiting.append(text).append('\n');
    if (waiting.length() > 1 << 16) {
      write();
    }
  }

  private void write() {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(waiting.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      waiting.setLength(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void force() {
    write();
    try {
      file.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized long calls() {
    return acknowledgedCalls.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized long rows() {
    return acknowledgedRows;
  }

  /** Acknowledged calls and those in flight at a kill, by verb. */
  synchronized String summary() {
    return "acknowledged by verb %s; in flight at a kill %s"
        .formatted(acknowledgedCalls, openAtKill);
  }

  @Override
  public void close() throws IOException {
    force();
    file.close();
  }
}
