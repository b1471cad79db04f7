/// What gateways and agents say to each other: the headers of a request, and the state stream. Both
/// ends read this package and nothing else of one another.
@NullMarked
package dev.fairlead.dataplane.link;

import org.jspecify.annotations.NullMarked;
