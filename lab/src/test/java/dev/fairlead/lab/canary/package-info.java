/// Unique words in whatever is a user's own, and a search for them in whatever Fairlead tells or
/// keeps.
@NullMarked
package dev.fairlead.lab.canary;

import org.jspecify.annotations.NullMarked;
