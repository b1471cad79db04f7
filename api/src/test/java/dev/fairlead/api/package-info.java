/// Tests of the resources.
@NullMarked
package dev.fairlead.api;

import org.jspecify.annotations.NullMarked;
