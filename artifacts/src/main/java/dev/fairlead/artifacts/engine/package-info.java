/// How the machine gets a llama.cpp server to run.
@NullMarked
package dev.fairlead.artifacts.engine;

import org.jspecify.annotations.NullMarked;
