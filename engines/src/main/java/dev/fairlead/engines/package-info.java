/// How the engines, upstream programs that run a model, are started and watched on one machine.
/// What this module refuses it refuses with an {@link dev.fairlead.engines.EngineException}.
@NullMarked
package dev.fairlead.engines;

import org.jspecify.annotations.NullMarked;
