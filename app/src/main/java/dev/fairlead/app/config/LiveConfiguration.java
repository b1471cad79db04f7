package dev.fairlead.app.config;

import dev.fairlead.api.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The configuration as it is now, while its file may be edited. `look` is for one thread; all else
/// for every thread.
public final class LiveConfiguration {
  private final Optional<Path> file;
  private final Optional<FileWatch> watch;
  private final CopyOnWriteArrayList<Consumer<Configuration>> listeners =
      new CopyOnWriteArrayList<>();
  private volatile Configuration current;

  /// What an edit of the file came to.
  ///
  /// @param taken the options that changed and take effect now
  /// @param waiting the options that changed and take effect at the next start
  /// @param problems of a file that is wrong, of which nothing is taken
  public record Edit(List<String> taken, List<String> waiting, List<Problem> problems) {
    public Edit {
      taken = List.copyOf(taken);
      waiting = List.copyOf(waiting);
      problems = List.copyOf(problems);
    }
  }

  private LiveConfiguration(Configuration first, Optional<Path> file) {
    this.current = first;
    this.file = file;
    this.watch = file.map(path -> new FileWatch(List.of(path)));
  }

  /// One that never changes.
  public static LiveConfiguration fixed(Configuration configuration) {
    return new LiveConfiguration(configuration, Optional.empty());
  }

  /// One that follows `file`, of which `first` was read.
  public static LiveConfiguration following(Path file, Configuration first) {
    return new LiveConfiguration(first, Optional.of(file));
  }

  /// Where it comes from.
  public Optional<Path> file() {
    return file;
  }

  /// What holds now.
  public Configuration current() {
    return current;
  }

  /// The record of a section, as it is now.
  public <T> T get(Section<T> section) {
    return current.get(section);
  }

  /// Runs `listener` with the configuration after each edit that was taken, on the thread that
  /// looks.
  public void onChange(Consumer<Configuration> listener) {
    listeners.add(listener);
  }

  /// Takes an edit of the file, once the file has been left alone since the look before.
  public Optional<Edit> look() {
    if (watch.isEmpty() || !watch.get().changed()) {
      return Optional.empty();
    }
    ConfigurationFile.Read read = ConfigurationFile.read(file.orElseThrow());
    if (read.configuration().isEmpty()) {
      return Optional.of(new Edit(List.of(), List.of(), read.problems()));
    }
    Configuration next = read.configuration().get();
    Edit edit = new Edit(current.changes(next, true), current.changes(next, false), List.of());
    current = next;
    listeners.forEach(listener -> listener.accept(next));
    return Optional.of(edit);
  }
}
