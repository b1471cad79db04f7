/// The web console of the running product in headless Chromium.
@NullMarked
package dev.fairlead.lab.console;

import org.jspecify.annotations.NullMarked;
