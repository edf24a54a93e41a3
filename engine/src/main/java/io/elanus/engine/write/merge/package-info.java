/**
 * Which segments belong together? Merges by size and by deleted rows, and where there is a
 * clustering key, the order of segments by its ranges. Looks at facts alone and changes nothing;
 * the background of {@link io.elanus.engine.write} asks it between two pieces of work. Bad at
 * partitions of thousands of segments, which it sorts each time.
 */
@NullMarked
package io.elanus.engine.write.merge;

import org.jspecify.annotations.NullMarked;
