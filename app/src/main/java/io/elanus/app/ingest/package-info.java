/**
 * {@code elanus ingest}. Question answered: how do the files of a folder get into a server? Speaks
 * to it as any client does, and may be run again at any time. Bad at: files that are gone; they
 * stay ingested until somebody deletes them.
 */
@NullMarked
package io.elanus.app.ingest;

import org.jspecify.annotations.NullMarked;
