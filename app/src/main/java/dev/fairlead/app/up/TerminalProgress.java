package dev.fairlead.app.up;

import dev.fairlead.artifacts.fetch.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows a transfer as a bar on a terminal, and as one line before and after it elsewhere. Used by
/// one thread at a time.
final class TerminalProgress implements Progress {
  private static final long MEBIBYTE = 1L << 20;
  private static final int LABEL_WIDTH = 44;

  private final PrintStream out;
  private final boolean terminal;
  private @Nullable ProgressBar bar;
  private String label = "";
  private long bytes;

  TerminalProgress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void start(String name, long totalBytes) {
    label = name;
    bytes = 0;
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(shortened(name))
              .setInitialMax(Math.max(totalBytes, 0))
              .setUnit(" MiB", MEBIBYTE)
              .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
              .setUpdateIntervalMillis(200)
              .showSpeed()
              .build();
    } else {
      out.printf("%s%s%n", name, totalBytes > 0 ? ", " + totalBytes / MEBIBYTE + " MiB" : "");
    }
  }

  @Override
  public void advance(long bytesSoFar) {
    bytes = bytesSoFar;
    if (bar != null) {
      bar.stepTo(bytesSoFar);
    }
  }

  @Override
  public void done() {
    if (bar != null) {
      bar.close();
      bar = null;
    } else {
      out.printf("%s: %,d MiB fetched%n", label, bytes / MEBIBYTE);
    }
  }

  private static String shortened(String name) {
    return name.length() <= LABEL_WIDTH ? name : name.substring(0, LABEL_WIDTH - 1) + "…";
  }
}
