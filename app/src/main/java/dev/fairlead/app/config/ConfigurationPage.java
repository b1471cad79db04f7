package dev.fairlead.app.config;

/// Writes `docs/reference/configuration.md` from the options, so that the page cannot lie.
final class ConfigurationPage {
  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Generated from dev.fairlead.app.config, and compared by ConfigurationPageTest, whose message
           says how to write it anew. -->

      `fairlead up --config FILE` reads this YAML; without the option, the file that `FAIRLEAD_CONFIG`
      names, else `$XDG_CONFIG_HOME/fairlead/fairlead.yaml` or `~/.config/fairlead/fairlead.yaml` where it
      is there. Everything has a default. An unknown key, a wrong type or a value out of bounds stops the
      start, with file, line and the nearest key. Sizes are `64Ki`, `32Mi` or a bare number of bytes,
      durations `500ms`, `45s`, `5m` or `1h30m`. A relative path begins at the folder of the file. Secrets
      are never values here: keys that end in `File` name files that hold them.

      *Edit* says when a change of the file takes effect: **running**, within a second or two, for what
      begins after it; no stream ends because of it. **start**, at the next start: until then the old value
      holds, and an event says so. A file with errors changes nothing.
      """;
  private static final String COLUMNS =
      """

      | key | type | default | meaning | edit |
      |---|---|---|---|---|
      """;

  private final StringBuilder page = new StringBuilder();

  private ConfigurationPage() {}

  static String markdown() {
    var writer = new ConfigurationPage();
    writer.page.append(INTRODUCTION);
    for (Section<?> section : Sections.ALL) {
      writer.page.append("\n## %s\n\n%s\n".formatted(section.name(), section.doc()));
      writer.page.append(COLUMNS);
      for (Option<?> option : section.group().options()) {
        writer.row(section.name(), option, option.live());
      }
    }
    return writer.page.toString();
  }

  private void row(String path, Option<?> option, boolean live) {
    String key = path + "." + option.key();
    page.append(
        "| `%s` | %s | %s | %s | %s |\n"
            .formatted(
                key,
                option.type().label(),
                option.otherwise(),
                option.doc(),
                live ? "running" : "start"));
    for (Option<?> inner : option.type().inner()) {
      row(key + option.type().innerPath(), inner, live);
    }
  }
}
