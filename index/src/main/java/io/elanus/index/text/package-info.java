/**
 * Text: which tokens does it consist of, and what is a row's text worth to a search? Analyzers
 * under Milvus's names on Lucene's analysis modules, and tokens as dimensions of sparse vectors.
 * Used when rows come in, when texts are searched for, and by filters. Bad at: languages written
 * without spaces, for which it has no dictionaries.
 */
@NullMarked
package io.elanus.index.text;

import org.jspecify.annotations.NullMarked;
