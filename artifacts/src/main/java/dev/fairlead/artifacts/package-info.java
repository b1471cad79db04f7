/// Brings a model from wherever it is to a verified local path, and reads what it is.
@NullMarked
package dev.fairlead.artifacts;

import org.jspecify.annotations.NullMarked;
