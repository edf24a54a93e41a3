/** Which rows are taken, and which does a filter find? */
@NullMarked
package io.elanus.testkit.contract.rows;

import org.jspecify.annotations.NullMarked;
