/**
 * Does a row pass a filter? A second opinion on Milvus's filter expressions: its own scanner, its
 * own parser (precedence climbing), and an evaluation row by row with three truth values.
 *
 * <p>It shares no code with the engine, so that a mistake is not made twice. Bad at: speed, regular
 * expressions, text matching, and everything the engine does not offer either.
 */
@NullMarked
package io.elanus.testkit.filter;

import org.jspecify.annotations.NullMarked;
