/** Segments: where do rows lie, and which of them are visible at a timestamp? */
@NullMarked
package io.elanus.engine.segment;

import org.jspecify.annotations.NullMarked;
