/// The usage ledger of a running Fairlead: opens it as the configuration says, and tells its state
/// as metrics.
@NullMarked
package dev.fairlead.app.usage;

import org.jspecify.annotations.NullMarked;
