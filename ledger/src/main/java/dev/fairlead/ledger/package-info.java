/// Keeps what every request took, durably: an embedded SQLite file by default, PostgreSQL by URL.
/// Nothing of a request's content and no key is in it.
@NullMarked
package dev.fairlead.ledger;

import org.jspecify.annotations.NullMarked;
