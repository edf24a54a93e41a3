/**
 * What do writes look like in the log and on disk? Records of the log, the manifest, files of
 * deletions, and the columns in them; each class has its table of bytes. Bad at: being read by
 * anything else; rows at rest are Arrow files.
 */
@NullMarked
package io.elanus.engine.write.bytes;

import org.jspecify.annotations.NullMarked;
