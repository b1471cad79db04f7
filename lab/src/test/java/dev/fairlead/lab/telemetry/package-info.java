/// What a running Fairlead tells of its requests, and that telling never holds it up.
@NullMarked
package dev.fairlead.lab.telemetry;

import org.jspecify.annotations.NullMarked;
