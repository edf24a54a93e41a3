/**
 * What does a file of a foreign format say?
 *
 * <p>A process of its own, started by the server, ended with it or before: it reads a document from
 * its standard input, answers with text and blocks, and has neither network nor programs. Its
 * libraries are on no other class path. Bad at: layout, pictures, and text that a scan only shows.
 */
@NullMarked
package io.elanus.extract;

import org.jspecify.annotations.NullMarked;
