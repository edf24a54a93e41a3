/**
 * Where are the documents themselves?
 *
 * <p>A port; ingest writes, fetch and citations read.
 */
@NullMarked
package io.elanus.rag.document;

import org.jspecify.annotations.NullMarked;
