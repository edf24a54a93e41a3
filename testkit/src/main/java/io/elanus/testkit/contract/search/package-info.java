/** Which rows are near, in what order, with what score, page by page and fused? */
@NullMarked
package io.elanus.testkit.contract.search;

import org.jspecify.annotations.NullMarked;
