/// Limits that gateways share, under a flood: what `make test` tries over seconds and `make prove`
/// over minutes.
@NullMarked
package dev.fairlead.lab.limits;

import org.jspecify.annotations.NullMarked;
