/// What the machine offers to engines: cores, memory and a GPU, as this process may use them.
@NullMarked
package dev.fairlead.engines.host;

import org.jspecify.annotations.NullMarked;
