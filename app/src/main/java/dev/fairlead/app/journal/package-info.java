/// What happened lately: the events that users read, and the samples that the console plots.
@NullMarked
package dev.fairlead.app.journal;

import org.jspecify.annotations.NullMarked;
