/**
 * What do names mean? Databases, collections, aliases, partitions, indexes, and changes of schemas.
 */
@NullMarked
package io.elanus.testkit.contract.names;

import org.jspecify.annotations.NullMarked;
