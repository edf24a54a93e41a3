/**
 * How good are the answers, and is one setting better than another?
 *
 * <p>Judged sets, measures over rankings, significance. Pure arithmetic on lists: who asks the
 * server stands elsewhere. Bad at: saying anything about documents nobody judged.
 */
@NullMarked
package io.elanus.rag.eval;

import org.jspecify.annotations.NullMarked;
