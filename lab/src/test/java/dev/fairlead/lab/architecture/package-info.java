/// The rules of the architecture that a machine can check, and the proof that each of them notices
/// what it forbids.
@NullMarked
package dev.fairlead.lab.architecture;

import org.jspecify.annotations.NullMarked;
