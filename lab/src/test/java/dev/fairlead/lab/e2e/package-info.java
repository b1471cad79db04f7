/// The product end to end: a process of `fairlead`, the real engine and the demo model.
@NullMarked
package dev.fairlead.lab.e2e;

import org.jspecify.annotations.NullMarked;
