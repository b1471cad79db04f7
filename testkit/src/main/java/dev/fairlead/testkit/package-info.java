/// Support for the tests of every module. It knows nothing of ours.
@NullMarked
package dev.fairlead.testkit;

import org.jspecify.annotations.NullMarked;
