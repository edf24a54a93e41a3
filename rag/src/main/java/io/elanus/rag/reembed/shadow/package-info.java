/**
 * Do two collections of the same chunks answer alike, and which answers better?
 *
 * <p>Beside the walk of a question: some are asked a second time of both, when nobody else asks
 * anything, and numbers are kept. Bad at: saying which is better where nobody judged.
 */
@NullMarked
package io.elanus.rag.reembed.shadow;

import org.jspecify.annotations.NullMarked;
