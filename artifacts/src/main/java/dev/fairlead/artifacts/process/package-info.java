/// Programs of the machine that this module asks for help, such as pip and cmake: finding them and
/// running them to their end with their output collected.
@NullMarked
package dev.fairlead.artifacts.process;

import org.jspecify.annotations.NullMarked;
