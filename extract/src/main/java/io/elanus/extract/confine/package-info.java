/**
 * What may a document do that takes the process over? As little as the system lets itself be told:
 * no sockets, no programs, no other process, no large files; the first to go when memory is short.
 */
@NullMarked
package io.elanus.extract.confine;

import org.jspecify.annotations.NullMarked;
