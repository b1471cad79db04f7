/// Breaks what lies between gateway, agent and engine, and looks at what the client sees.
@NullMarked
package dev.fairlead.lab.faults;

import org.jspecify.annotations.NullMarked;
