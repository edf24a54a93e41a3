/**
 * How do language models' own programs search and read here? The Model Context Protocol.
 *
 * <p>Beside {@code answer/http}: four tools over {@code retrieve} and {@code ingest}, under {@code
 * /mcp} and, for programs that start a process, over standard input and output. Bad at: whatever
 * needs a session; each call stands alone.
 */
@NullMarked
package io.elanus.rag.mcp;

import org.jspecify.annotations.NullMarked;
