/**
 * How does a whole state of collections leave the server, for a backup? A mount of its own beside
 * gRPC and REST, behind the same guard; the client keeps the files, so that no caller names paths
 * of the server's machine. Bad at: resuming within a stream; whoever lost it asks again and says
 * which files arrived.
 */
@NullMarked
package io.elanus.server.wire.backup;

import org.jspecify.annotations.NullMarked;
