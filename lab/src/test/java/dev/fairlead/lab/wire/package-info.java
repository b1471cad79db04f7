/// What comes over the wire: connections that break at any place, hostile bytes, clients that do
/// not read; and what of it reaches clients and engines.
@NullMarked
package dev.fairlead.lab.wire;

import org.jspecify.annotations.NullMarked;
