/**
 * {@code elanus mcp}. Question answered: how does a program that starts processes for its tools use
 * a running server? Bridges standard input and output to {@code /mcp}.
 */
@NullMarked
package io.elanus.app.mcp;

import org.jspecify.annotations.NullMarked;
