package dev.fairlead.app.cli;

import java.util.List;
import java.util.regex.Pattern;

/// Writes comma-separated values (RFC 4180, but with lines that end as Unix has them). What a
/// spreadsheet would take for a formula is disarmed by an apostrophe: users' names come from
/// outside. Confined to one thread.
final class Csv {
  /// As https://owasp.org/www-community/attacks/CSV_Injection lists them; our numbers begin with
  /// none.
  private static final Pattern FORMULA =
      Pattern.compile("[=+@\\t\\r\uff1d\uff0b\uff0d\uff20-].*", Pattern.DOTALL);

  private static final Pattern QUOTED =
      Pattern.compile(".*[\",\\r\\n].*|\\s.*|.*\\s", Pattern.DOTALL);

  private final StringBuilder text = new StringBuilder();

  void row(List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      text.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
    }
    text.append('\n');
  }

  private static String cell(String value) {
    String harmless = FORMULA.matcher(value).matches() ? "'" + value : value;
    return QUOTED.matcher(harmless).matches()
        ? '"' + harmless.replace("\"", "\"\"") + '"'
        : harmless;
  }

  String text() {
    return text.toString();
  }
}
