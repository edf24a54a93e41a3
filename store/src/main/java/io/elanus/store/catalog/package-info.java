/**
 * The catalog. Question answered: where is kept what everybody must agree on? Beside both walks:
 * read at a start, changed by definitions, never by rows. Bad at: much data, many changes a second.
 */
@NullMarked
package io.elanus.store.catalog;

import org.jspecify.annotations.NullMarked;
