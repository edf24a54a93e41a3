/**
 * What do requests about documents and jobs look like? Bodies in, {@code Ingestion} asked, JSON
 * out.
 */
@NullMarked
package io.elanus.rag.ingest.route;

import org.jspecify.annotations.NullMarked;
