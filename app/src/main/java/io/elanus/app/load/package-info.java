/**
 * How many questions does a running server answer, and how long do they wait?
 *
 * <p>Stands outside of the walk, on its client's end. Bad at saying why: metrics and traces of the
 * server do.
 */
@NullMarked
package io.elanus.app.load;

import org.jspecify.annotations.NullMarked;
