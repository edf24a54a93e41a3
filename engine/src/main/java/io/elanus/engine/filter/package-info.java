/** Filters: how does an expression become a bitmap of rows? */
@NullMarked
package io.elanus.engine.filter;

import org.jspecify.annotations.NullMarked;
