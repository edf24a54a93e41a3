/**
 * How do rows and vectors as JSON become columns, and columns rows?
 *
 * <p>The hot inside of the REST door: streams over the text, holds no tree. Checks types only as
 * far as a column can hold the value; what the schema forbids beyond that is refused by the calls.
 * Bad at rows that lack most of their fields: each field is looked at for each row.
 */
@NullMarked
package io.elanus.server.wire.rest.rows;

import org.jspecify.annotations.NullMarked;
