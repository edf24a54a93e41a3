/**
 * What does a search look like on the wire?
 *
 * <p>JSON in, questions to a {@link io.elanus.rag.retrieve.Retriever}, JSON out. Unknown keys are
 * refused by name. Bad at: nothing but JSON.
 */
@NullMarked
package io.elanus.rag.retrieve.route;

import org.jspecify.annotations.NullMarked;
