/// Brings files from afar into the cache: over HTTP with resume, retries and checksums, and out of
/// the Python package index through the user's own pip.
@NullMarked
package dev.fairlead.artifacts.fetch;

import org.jspecify.annotations.NullMarked;
