/// What a machine can check of the documentation.
@NullMarked
package dev.fairlead.lab.documentation;

import org.jspecify.annotations.NullMarked;
