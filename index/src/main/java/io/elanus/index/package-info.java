/**
 * Indexes. Question answered: which rows are near, and which rows hold a value, without looking at
 * every one? Above kernel and store, below the engine; each kind has a Format that checks
 * parameters, builds files and opens them. Bad at: rows that change; an index covers one immutable
 * segment.
 */
@NullMarked
package io.elanus.index;

import org.jspecify.annotations.NullMarked;
