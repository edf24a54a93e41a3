/**
 * What does a re-embedding look like on the wire?
 *
 * <p>Bodies and answers of {@code /v1/reembeddings}; nothing is decided here.
 */
@NullMarked
package io.elanus.rag.reembed.route;

import org.jspecify.annotations.NullMarked;
