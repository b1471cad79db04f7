/// Where the use of tenants is counted: in this process, or in a Redis that several gateways share.
/// What is decided by the counts is `core.admit`'s.
@NullMarked
package dev.fairlead.dataplane.limits;

import org.jspecify.annotations.NullMarked;
