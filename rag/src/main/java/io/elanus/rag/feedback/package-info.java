/**
 * What did people think of what was found?
 *
 * <p>Beside the walk: thumbs are kept as they come, and evaluation reads them. They change no
 * ranking.
 */
@NullMarked
package io.elanus.rag.feedback;

import org.jspecify.annotations.NullMarked;
