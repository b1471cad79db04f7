/// Reads what a model is from its files' headers, before anything runs it. The bytes are not
/// trusted: every count and size is checked against the file before it is used.
@NullMarked
package dev.fairlead.artifacts.inspect;

import org.jspecify.annotations.NullMarked;
