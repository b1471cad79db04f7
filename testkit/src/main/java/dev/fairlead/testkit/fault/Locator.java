package dev.fairlead.testkit.fault;

/// Finds the byte of an answer before which a fault strikes, however the answer is cut into reads.
/// One thread, one answer.
final class Locator {
  private static final String HEAD_END = "\r\n\r\n";

  private final Position position;
  private final StringBuilder head = new StringBuilder();
  private boolean inBody;
  private long bytes;
  private int events;
  private boolean afterFeed;

  Locator(Position position) {
    this.position = position;
  }

  /// The index in `data`, of which `length` bytes are valid, of the first byte that is not to be
  /// sent; -1 when all of them are.
  int strikesAt(byte[] data, int length) {
    if (length > 0 && position instanceof Position.BeforeHead) {
      return 0;
    }
    for (int i = 0; i < length; i++) {
      if (inBody && reached()) {
        return i;
      }
      take((char) (data[i] & 0xff));
    }
    // The place may lie exactly behind what was read: nothing that comes later shall get through.
    return inBody && reached() ? length : -1;
  }

  private void take(char next) {
    if (inBody) {
      bytes++;
      if (next == '\n' && afterFeed) {
        events++;
        afterFeed = false;
      } else {
        afterFeed = next == '\n';
      }
      return;
    }
    head.append(next);
    if (next == '\n' && head.length() >= 4 && head.indexOf(HEAD_END, head.length() - 4) >= 0) {
      boolean interim = head.indexOf("HTTP/1.1 1") == 0;
      head.setLength(0);
      inBody = !interim;
    }
  }

  private boolean reached() {
    return switch (position) {
      case Position.BeforeHead _, Position.BeforeBody _ -> true;
      case Position.AfterBytes after -> bytes >= after.bytes();
      case Position.AfterEvents after -> events >= after.events();
    };
  }
}
