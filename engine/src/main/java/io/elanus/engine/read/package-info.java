/** The read path: plan, scan the segments, merge. */
@NullMarked
package io.elanus.engine.read;

import org.jspecify.annotations.NullMarked;
