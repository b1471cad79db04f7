/// Tests of the ledger, the same ones on a real SQLite file and on a real PostgreSQL.
@NullMarked
package dev.fairlead.ledger;

import org.jspecify.annotations.NullMarked;
