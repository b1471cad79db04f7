/// What the fakes claim about the real things, checked against both.
@NullMarked
package dev.fairlead.lab.contract;

import org.jspecify.annotations.NullMarked;
