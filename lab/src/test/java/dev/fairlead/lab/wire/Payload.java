package dev.fairlead.lab.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One row of the table in `docs/reference/http.md`: bytes of a client, what comes of them here and
/// behind nginx, and why that is not the same.
///
/// @param sent in the page's notation
/// @param ours the statuses that the client gets, `closed` for none, and how many requests reach
///   the engine
/// @param nginx the same behind nginx
/// @param reason empty where both do the same
record Payload(String sent, String ours, String nginx, String reason) {
  static final Path PAGE = Path.of("..", "docs", "reference", "http.md");
  static final String BODY =
      "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";

  private static final Pattern ROW =
      Pattern.compile("^\\| `(.+)` \\| (.*?) \\| (.*?) \\| (.*?) ?\\|$");
  private static final Pattern MANY = Pattern.compile("@x(\\d+)");

  static List<Payload> all() throws IOException {
    List<Payload> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(new Payload(row.group(1), row.group(2), row.group(3), row.group(4)));
      }
    }
    return rows;
  }

  /// The bytes, one character each.
  String wire() {
    String second = BODY.replace("Hi", "Behind");
    String all =
        sent.replace(
                "@again",
                "@postConnection: close~Content-Length: " + second.length() + "~~" + second)
            .replace("@post", "POST /v1/chat/completions HTTP/1.1~Host: x~")
            .replace("@length", Integer.toString(BODY.length()))
            .replace("@chunked", "@size~@body~0~~")
            .replace("@size", Integer.toHexString(BODY.length()))
            .replace("@body", BODY)
            .replace("~", "\r\n")
            .replace('^', '\n')
            .replace('!', '\0');
    return MANY.matcher(all).replaceAll(many -> "x".repeat(Integer.parseInt(many.group(1))));
  }

  /// The row as the page has it.
  String line(String nowOurs, String nowNginx) {
    return "| `%s` | %s | %s | %s |".formatted(sent, nowOurs, nowNginx, reason);
  }
}
