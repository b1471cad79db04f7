/// The cache folder and what makes its content trustworthy: atomic publication, locks between
/// processes, safe unpacking, and digests that are cheap to check again.
@NullMarked
package dev.fairlead.artifacts.store;

import org.jspecify.annotations.NullMarked;
