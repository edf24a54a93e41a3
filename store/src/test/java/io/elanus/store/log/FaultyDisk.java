package io.elanus.store.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A folder of a disk that fails once, at the n-th call that changes something, and that loses power
 * on request. Each sector that was not forced, and each folder entry that was not, is then kept or
 * lost by chance. A failed force marks what it covered as clean, as Linux does: the bytes can still
 * be read, the next force says yes, and after a power cut they are gone.
 */
final class FaultyDisk implements LogFiles {
  private static final int SECTOR_BYTES = 512;

  /** What is in the system's memory, what has reached the platter, and what is on its way. */
  private static final class Content {
    byte[] seen = new byte[0];
    byte[] forced = new byte[0];
    final BitSet dirtySectors = new BitSet();

    void dirty(int from, int to) {
      dirtySectors.set(from / SECTOR_BYTES, Math.ceilDiv(Math.max(to, from + 1), SECTOR_BYTES));
    }

    /** The platter's bytes after the dirty sectors, or some of them, arrived. */
    byte[] arrived(int size, BooleanSupplier each) {
      byte[] result = Arrays.copyOf(forced, size);
      int end = Math.min(size, seen.length);
      for (int s = dirtySectors.nextSetBit(0); s >= 0; s = dirtySectors.nextSetBit(s + 1)) {
        int at = s * SECTOR_BYTES;
        if (at < end && each.getAsBoolean()) {
          System.arraycopy(seen, at, result, at, Math.min(SECTOR_BYTES, end - at));
        }
      }
      return result;
    }
  }

  private final Map<String, Content> seen = new TreeMap<>();
  private Map<String, Content> forced = new TreeMap<>();
  private final Random random;
  private int calls;
  private int openFiles;
  private int failingCall = Integer.MAX_VALUE;
  private String failed = "";

  FaultyDisk(long seed) {
    random = new Random(seed);
  }

  /** Lets the n-th changing call from now on fail, once. */
  void failCall(int n) {
    calls = 0;
    failingCall = n;
    failed = "";
  }

  void failNoCall() {
    failCall(Integer.MAX_VALUE);
  }

  /** The call that failed, or "". */
  String failed() {
    return failed;
  }

  /** Files that were opened and not closed. */
  int openFiles() {
    return openFiles;
  }

  private boolean fails(String call) {
    if (++calls != failingCall) {
      return false;
    }
    failed = call;
    return true;
  }

  /** After this, the disk is as the next start of the machine finds it. */
  void cutPower() {
    Map<String, Content> after = new TreeMap<>();
    List<String> names = new ArrayList<>(forced.keySet());
    seen.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
    for (String name : names) {
      Content before = forced.get(name);
      Content now = seen.get(name);
      Content kept = before == now || random.nextBoolean() ? now : before;
      if (kept != null) {
        kept.seen = survivors(kept);
        kept.forced = kept.seen;
        kept.dirtySectors.clear();
        after.put(name, kept);
      }
    }
    seen.clear();
    seen.putAll(after);
    forced = after;
    failNoCall();
  }

  private byte[] survivors(Content content) {
    int size = (random.nextBoolean() ? content.seen : content.forced).length;
    return content.arrived(size, random::nextBoolean);
  }

  /** The bytes of a file, to look at or to replace. */
  byte[] bytes(String name) {
    return seen.get(name).seen.clone();
  }

  void remove(String name) {
    seen.remove(name);
    forced.remove(name);
  }

  void replace(String name, byte[] bytes) {
    Content content = new Content();
    content.seen = bytes.clone();
    content.forced = content.seen;
    seen.put(name, content);
    forced.put(name, content);
  }

  @Override
  public List<String> list() {
    return List.copyOf(seen.keySet());
  }

  @Override
  public LogFile create(String name) throws IOException {
    if (fails("create")) {
      throw new IOException("injected: create");
    }
    seen.put(name, new Content());
    return open(name);
  }

  @Override
  public LogFile open(String name) throws IOException {
    Content content = seen.get(name);
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    openFiles++;
    return new FaultyFile(content);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (fails("rename")) {
      throw new IOException("injected: rename");
    }
    Content content = seen.remove(from);
    if (content == null) {
      throw new NoSuchFileException(from);
    }
    seen.put(to, content);
  }

  @Override
  public void delete(String name) throws IOException {
    if (fails("delete")) {
      throw new IOException("injected: delete");
    }
    seen.remove(name);
  }

  @Override
  public void forceFolder() throws IOException {
    if (fails("forceFolder")) {
      throw new IOException("injected: forceFolder");
    }
    forced = new TreeMap<>(seen);
  }

  private final class FaultyFile implements LogFile {
    private final Content content;
    private boolean closed;

    FaultyFile(Content content) {
      this.content = content;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      boolean failing = fails("write");
      int length = failing ? random.nextInt(bytes.remaining() + 1) : bytes.remaining();
      int at = Math.toIntExact(offset);
      byte[] grown = Arrays.copyOf(content.seen, Math.max(content.seen.length, at + length));
      bytes.get(grown, at, length);
      content.seen = grown;
      if (length > 0) {
        content.dirty(at, at + length);
      }
      if (failing) {
        throw new IOException("injected: write, after " + length + " bytes");
      }
    }

    @Override
    public void force() throws IOException {
      if (fails("force")) {
        content.dirtySectors.clear();
        throw new IOException("injected: force");
      }
      content.forced = content.arrived(content.seen.length, () -> true);
      content.dirtySectors.clear();
    }

    @Override
    public void truncate(long size) throws IOException {
      if (fails("truncate")) {
        throw new IOException("injected: truncate");
      }
      content.seen = Arrays.copyOf(content.seen, Math.toIntExact(size));
      content.dirty((int) size, (int) size);
    }

    @Override
    public MemorySegment map(Arena arena) {
      MemorySegment copy = arena.allocate(Math.max(1, content.seen.length));
      MemorySegment.copy(content.seen, 0, copy, ValueLayout.JAVA_BYTE, 0, content.seen.length);
      return copy.asSlice(0, content.seen.length).asReadOnly();
    }

    @Override
    public void close() {
      openFiles -= closed ? 0 : 1;
      closed = true;
    }
  }
}
