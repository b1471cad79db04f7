/// The keys of tenants on one machine: which there are (those that commands made, in the state
/// folder, and those of the Tenant resources), and the snapshot of them that the gateway looks keys
/// up in.
@NullMarked
package dev.fairlead.app.tenant;

import org.jspecify.annotations.NullMarked;
