package dev.fairlead.app.local;

import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import java.util.List;
import java.util.function.Supplier;

/// Obtains a version's files, and where an engine reads them also the engine. That may have to be
/// fetched or built, for minutes: the control loop, which starts it, must not wait for that. Safe
/// for every thread as far as both sources are.
///
/// @param engine the command, obtained once
record FilesAndEngine(Preparer.Source files, Supplier<List<String>> engine)
    implements Preparer.Source {
  @Override
  public Artifact obtain(ModelSource source, Progress progress) {
    Artifact artifact = files.obtain(source, progress);
    if (artifact.format() != Artifact.Format.UPSTREAM) {
      var _ = engine.get();
    }
    return artifact;
  }
}
