/**
 * Is this message well-formed, and which model value does it mean?
 *
 * <p>Stands after the wire and before the database. Builds model values safely from what strangers
 * sent; what needs the collection's schema is checked below, at the gate of the rows.
 */
@NullMarked
package io.elanus.server.validate;

import org.jspecify.annotations.NullMarked;
