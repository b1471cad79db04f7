package dev.fairlead.app.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Everything that was configured, as one record for each section. Immutable; safe for every
/// thread.
public final class Configuration {
  private final Map<String, Group.Filled<?>> sections;

  /// @param written the sections that were written, by name
  Configuration(Map<String, Group.Filled<?>> written) {
    Map<String, Group.Filled<?>> all = new HashMap<>();
    for (Section<?> section : Sections.ALL) {
      Group.Filled<?> filled = written.get(section.name());
      all.put(section.name(), filled == null ? section.group().empty() : filled);
    }
    sections = Map.copyOf(all);
  }

  /// What holds where nothing was configured.
  public static Configuration defaults() {
    return new Configuration(Map.of());
  }

  /// The record of a section.
  public <T> T get(Section<T> section) {
    @SuppressWarnings("unchecked") // filled by this section's own group
    T made = (T) filled(section).made();
    return made;
  }

  private Group.Filled<?> filled(Section<?> section) {
    Group.Filled<?> filled = sections.get(section.name());
    if (filled == null) {
      throw new IllegalStateException("not listed in Sections: " + section.name());
    }
    return filled;
  }

  /// The options, such as `listen.port`, that differ in `next`.
  ///
  /// @param live whether to name those that take effect while running, or those that do not
  List<String> changes(Configuration next, boolean live) {
    List<String> changed = new ArrayList<>();
    for (Section<?> section : Sections.ALL) {
      Values before = filled(section).values();
      Values after = next.filled(section).values();
      for (Option<?> option : section.group().options()) {
        if (option.live() == live && !Objects.equals(before.find(option), after.find(option))) {
          changed.add(section.name() + "." + option.key());
        }
      }
    }
    return changed;
  }
}
