package dev.fairlead.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Aligns rows under headings, two blanks apart; the last column is as long as it likes. Confined
/// to one thread.
final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /// A heading; numbers stand right.
  record Column(String heading, boolean number) {
    static Column text(String heading) {
      return new Column(heading, false);
    }

    static Column number(String heading) {
      return new Column(heading, true);
    }
  }

  Table(Column... columns) {
    this.columns = List.of(columns);
  }

  Table row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The lines, headings first.
  List<String> lines() {
    int[] widths = widths();
    var lines = new ArrayList<String>();
    lines.add(headings(widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  /// The lines of the rows that `seen`, which is kept up to date, does not hold in this form under
  /// their first cell; before the very first one the headings.
  List<String> changed(Map<String, List<String>> seen) {
    int[] widths = widths();
    var lines = new ArrayList<String>();
    for (List<String> row : rows) {
      boolean first = seen.isEmpty();
      if (!row.equals(seen.put(row.getFirst(), row))) {
        if (first) {
          lines.add(headings(widths));
        }
        lines.add(line(row, widths));
      }
    }
    return lines;
  }

  private String headings(int[] widths) {
    return line(columns.stream().map(Column::heading).toList(), widths);
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              width(columns.get(i).heading()),
              rows.stream().mapToInt(row -> width(row.get(column))).max().orElse(0));
    }
    return widths;
  }

  /// The lines as one text.
  String text() {
    return lines().stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(widths[i] - width(cell));
      line.append(i == 0 ? "" : GAP)
          .append(columns.get(i).number() ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
