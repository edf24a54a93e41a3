/**
 * Objects in a bucket of S3, or of what speaks like it. Question answered: how does an object leave
 * the machine over a network that loses, turns and repeats bytes, and come back as it was? Where
 * backups go; no segment is served from here. Bad at: speed of a single object, which travels over
 * one connection. The SDK is loaded when {@link io.elanus.store.object.s3.S3Objects} is, and seen
 * by nobody else.
 */
@NullMarked
package io.elanus.store.object.s3;

import org.jspecify.annotations.NullMarked;
