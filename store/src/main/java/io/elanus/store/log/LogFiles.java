package io.elanus.store.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** The few file calls a log makes, so that tests can fail each of them. */
public interface LogFiles {
  /** Names of the files that are there, in any order. */
  List<String> list() throws IOException;

  /** Opens for appending, creating it where it is absent. */
  LogFile open(String name) throws IOException;

  void delete(String name) throws IOException;

  /** Makes creations and deletions durable. */
  void forceFolder() throws IOException;

  /** One open file. */
  interface LogFile extends AutoCloseable {
    long size() throws IOException;

    /** Writes all bytes at this offset. */
    void write(ByteBuffer bytes, long offset) throws IOException;

    void force() throws IOException;

    void truncate(long size) throws IOException;

    MemorySegment map(Arena arena) throws IOException;

    @Override
    void close() throws IOException;
  }
}
