/**
 * What does a document say?
 *
 * <p>First on ingest's walk. Plain text is read here; every other format by a child process of few
 * rights ({@code extract}), so that a hostile file costs itself and nobody else. Bad at: layout,
 * pictures, and text that a scan only shows.
 */
@NullMarked
package io.elanus.rag.parse;

import org.jspecify.annotations.NullMarked;
