package dev.fairlead.artifacts.fetch;

/// Hears how a long transfer goes, so that someone can be shown it. Each transfer calls `start`
/// once, `advance` any number of times, and `done` once, also when it fails, all from one thread. A
/// listener is used for one transfer after the other.
public interface Progress {
  /// Hears nothing.
  Progress SILENT =
      new Progress() {
        @Override
        public void start(String label, long totalBytes) {}

        @Override
        public void advance(long bytesSoFar) {}

        @Override
        public void done() {}
      };

  /// `totalBytes` is -1 while the size is not known.
  void start(String label, long totalBytes);

  /// `bytesSoFar` counts what an earlier run fetched, and goes back when that turns out unusable.
  void advance(long bytesSoFar);

  void done();
}
