/// The one family of failures of this module: what went wrong with a model or an engine's files, in
/// words that tell the user what is wrong, where, and what to do next.
@NullMarked
package dev.fairlead.artifacts.failure;

import org.jspecify.annotations.NullMarked;
