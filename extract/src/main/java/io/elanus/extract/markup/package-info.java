/**
 * What do HTML and Markdown say? Every format ends here: as events of a few elements, of which
 * {@link io.elanus.extract.markup.BlockWriter} makes blocks.
 */
@NullMarked
package io.elanus.extract.markup;

import org.jspecify.annotations.NullMarked;
