/**
 * Filters: how does an expression become a bitmap of rows? Parse, type once against the schema,
 * evaluate column by column, with three truth values. Stands at the start of the search walk's plan
 * and under delete by filter. Words and phrases come from the analyzers of {@code index/text}. Bad
 * at: geometry and time zones, which it refuses.
 */
@NullMarked
package io.elanus.engine.filter;

import org.jspecify.annotations.NullMarked;
