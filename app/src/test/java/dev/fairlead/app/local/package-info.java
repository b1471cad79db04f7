/// Tests of the local control loop's parts.
@NullMarked
package dev.fairlead.app.local;

import org.jspecify.annotations.NullMarked;
