/**
 * Recall as a parameter. Question answered: how much effort does this index need for that recall?
 * Beside the kinds of index, which measure themselves when they are built and ask when they are
 * searched. Bad at: queries that are not like the rows.
 */
@NullMarked
package io.elanus.index.recall;

import org.jspecify.annotations.NullMarked;
