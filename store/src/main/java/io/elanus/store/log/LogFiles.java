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

  /** Creates an empty file, emptying one that is there. */
  LogFile create(String name) throws IOException;

  /** Opens a file that is there. */
  LogFile open(String name) throws IOException;

  /** Gives a file another name, in one step also where a file has that name. */
  void rename(String from, String to) throws IOException;

  /** Deleting what is not there does nothing. */
  void delete(String name) throws IOException;

  /** Makes creations and deletions durable. */
  void forceFolder() throws IOException;

  /** One open file. */
  interface LogFile extends AutoCloseable {
    /** Writes all bytes at this offset. */
    void write(ByteBuffer bytes, long offset) throws IOException;

    /** Makes what was written, and the size, durable. */
    void force() throws IOException;

    /** Cuts the file to this size. */
    void truncate(long size) throws IOException;

    /** The file as it is now, whole. */
    MemorySegment map(Arena arena) throws IOException;

    @Override
    void close() throws IOException;
  }
}
