/**
 * {@code elanus export}: how do a collection's rows become a file that other programs read? Pages
 * of a query at one timestamp go in, Parquet, JSON lines or CSV come out, a page at a time. Bad at:
 * more than one file, and going on where an export broke off.
 */
@NullMarked
package io.elanus.app.export;

import org.jspecify.annotations.NullMarked;
