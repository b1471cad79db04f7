/// The long proofs: a whole Fairlead under traffic and disturbances, judged by rules that hold for
/// every single request. `make prove` runs them and writes their reports.
@NullMarked
package dev.fairlead.lab.proof;

import org.jspecify.annotations.NullMarked;
