package dev.fairlead.core.admit;

/// Learns how long the answers of a model are, for what has to be reserved where a request names no
/// `max_tokens`: the length that 95 of 100 answers do not exceed.
///
/// Lengths fall into buckets of a quarter of a power of two, so that the answer is at most 25 % too
/// high and never too low (the layout of HdrHistogram). When {@link #KEPT} are counted all counts
/// are halved: the newest answers count most, and a change of use is learned within some hundreds.
///
/// Not safe for threads: its owner guards it.
public final class CompletionLengths {
  /// So many answers are enough to know.
  public static final int ENOUGH = 20;

  private static final int KEPT = 1_024;
  private static final int PARTS = 4;
  private static final int MAX_EXPONENT = 40;
  private static final double SHARE = 0.95;

  private final int[] counts = new int[(MAX_EXPONENT + 1) * PARTS];
  private final long unknown;
  private int total;

  /// @param unknown taken for the 95th percentile until there are {@link #ENOUGH} answers
  public CompletionLengths(long unknown) {
    this.unknown = unknown;
  }

  /// An answer had so many tokens.
  public void add(long tokens) {
    counts[place(Math.max(0, tokens))]++;
    total++;
    if (total >= KEPT) {
      total = 0;
      for (int i = 0; i < counts.length; i++) {
        counts[i] /= 2;
        total += counts[i];
      }
    }
  }

  /// The 95th percentile of the lengths, rounded up.
  public long p95() {
    if (total < ENOUGH) {
      return unknown;
    }
    int rank = (int) Math.ceil(SHARE * total);
    int seen = 0;
    int place = -1;
    while (seen < rank) {
      seen += counts[++place];
    }
    return highest(place);
  }

  private static int place(long tokens) {
    if (tokens < PARTS) {
      return (int) tokens;
    }
    int exponent = Math.min(MAX_EXPONENT, 63 - Long.numberOfLeadingZeros(tokens));
    int part = (int) (tokens >>> (exponent - 2)) & (PARTS - 1);
    return (exponent - 1) * PARTS + part;
  }

  private static long highest(int place) {
    if (place < PARTS) {
      return place;
    }
    int exponent = place / PARTS + 1;
    int part = place % PARTS;
    return ((long) (PARTS + part + 1) << (exponent - 2)) - 1;
  }
}
