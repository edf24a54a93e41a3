/**
 * Walks over quantised graphs: one hop, one call. Question answered: how far is this node, and
 * which of its neighbours look near? Stands below the index's walk. Bad at: degrees other than 32.
 */
@NullMarked
package io.elanus.kernel.graph;

import org.jspecify.annotations.NullMarked;
