/// A stand-in for llama-server that needs no model: a program, or an object in a test, with
/// llama.cpp's routes, shapes and habits (as the transcripts beside it were recorded from b11549)
/// and with faults on demand.
@NullMarked
package dev.fairlead.engines.fake;

import org.jspecify.annotations.NullMarked;
