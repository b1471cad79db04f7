package dev.fairlead.app.cli;

import picocli.CommandLine.Option;

/// The option that chooses how a list is printed.
final class ListForm {
  /// The forms.
  enum Form {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "table (the default) or json.")
  private Form form = Form.TABLE;

  boolean json() {
    return form == Form.JSON;
  }
}
