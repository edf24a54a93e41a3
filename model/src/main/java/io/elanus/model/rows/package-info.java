/**
 * How do rows travel between rooms: immutable columns, batches, and the one gate that refuses bad
 * rows?
 */
@NullMarked
package io.elanus.model.rows;

import org.jspecify.annotations.NullMarked;
