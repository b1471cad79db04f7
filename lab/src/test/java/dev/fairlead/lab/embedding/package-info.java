/// The embedding model of the tests: made once from published weights, so that nothing has to be
/// hosted for it, and its suite against the running product.
@NullMarked
package dev.fairlead.lab.embedding;

import org.jspecify.annotations.NullMarked;
