/// Engines as child processes: started so that none outlives this JVM, their output kept, their
/// exits explained, their restarts spaced out.
@NullMarked
package dev.fairlead.engines.process;

import org.jspecify.annotations.NullMarked;
