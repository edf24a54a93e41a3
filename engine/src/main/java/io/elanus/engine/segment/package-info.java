/**
 * Segments: where do rows lie, and which of them are visible at a timestamp? Written by the write
 * path, read by the read path; the two meet only here. Bad at: finding rows by content, which is
 * what indexes are for.
 */
@NullMarked
package io.elanus.engine.segment;

import org.jspecify.annotations.NullMarked;
