/// Tests of the commands.
@NullMarked
package dev.fairlead.app.cli;

import org.jspecify.annotations.NullMarked;
