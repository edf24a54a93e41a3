package io.elanus.rag.parse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Starts children that speak {@link ChildFrames}; the port that {@code app} fills. */
@FunctionalInterface
public interface ParserProcesses {
  ParserProcess start() throws IOException;

  /** A running child. */
  interface ParserProcess {
    OutputStream toChild();

    InputStream fromChild();

    boolean isAlive();

    /** Ends it whatever it does, waits until it is gone, and removes what it left; idempotent. */
    void kill();

    /** Whether it ended by its own hand because its memory was spent; known once it is gone. */
    boolean ranOutOfMemory();
  }
}
