/** Exact search: every allowed row is looked at. */
@NullMarked
package io.elanus.index.flat;

import org.jspecify.annotations.NullMarked;
