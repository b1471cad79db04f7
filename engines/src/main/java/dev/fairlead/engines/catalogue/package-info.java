/// The engines that Fairlead knows, each described by one YAML resource: how it is started, where
/// it says that it is ready and under which names it reports its load.
@NullMarked
package dev.fairlead.engines.catalogue;

import org.jspecify.annotations.NullMarked;
