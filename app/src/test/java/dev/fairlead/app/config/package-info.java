/// Tests of the configuration.
@NullMarked
package dev.fairlead.app.config;

import org.jspecify.annotations.NullMarked;
