package dev.fairlead.lab.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// What a flood has brought.
///
/// @param statuses how many answers had which status; 0 stands for none
/// @param killed when Redis was gone
/// @param mostInFlight the most requests that were let through and not settled at one time
public record FloodFindings(
    FloodPlan plan,
    List<Passed> passed,
    Map<Integer, Integer> statuses,
    Instant killed,
    int mostInFlight) {
  public FloodFindings {
    passed = passed.stream().sorted(Comparator.comparing(Passed::at)).toList();
    statuses = Map.copyOf(statuses);
  }

  /// The most of something in any window.
  ///
  /// @param length of the window
  long most(Predicate<Passed> which, ToLongFunction<Passed> amount, Duration length) {
    ArrayDeque<Passed> window = new ArrayDeque<>();
    long sum = 0;
    long most = 0;
    for (Passed one : passed) {
      if (which.test(one)) {
        window.addLast(one);
        sum += amount.applyAsLong(one);
        while (!window.getFirst().at().isAfter(one.at().minus(length))) {
          sum -= amount.applyAsLong(window.removeFirst());
        }
        most = Math.max(most, sum);
      }
    }
    return most;
  }

  /// The most requests of the tenant with a limit of them, in any window of the plan.
  public long mostRequests() {
    return most(one -> one.tenant().equals(Flood.REQUESTS), _ -> 1, window());
  }

  /// The most tokens of the other tenant.
  public long mostTokens() {
    return most(one -> one.tenant().equals(Flood.TOKENS), Passed::tokens, window());
  }

  /// The most requests that one gateway let through in any window after Redis was gone.
  public long mostRequestsAlone(int gateway) {
    return most(
        one ->
            one.tenant().equals(Flood.REQUESTS)
                && one.gateway() == gateway
                && one.at().isAfter(killed),
        _ -> 1,
        window());
  }

  /// The requests that a gateway let through after Redis was gone.
  public long requestsAlone(int gateway) {
    return passed.stream()
        .filter(one -> one.tenant().equals(Flood.REQUESTS))
        .filter(one -> one.gateway() == gateway && one.at().isAfter(killed))
        .count();
  }

  /// What does not hold, in words; empty when everything does.
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    statuses.forEach((status, count) -> {
      if (status != 200 && status != 429) {
        broken.add("%d answers had status %d".formatted(count, status));
      }
    });
    atMost(broken, "requests in a window", mostRequests(), withTolerance(plan.requests()));
    atMost(broken, "tokens in a window", mostTokens(), withTolerance(plan.tokens()) + overrun());
    long share = plan.requests() / plan.gateways();
    for (int gateway = 0; gateway < plan.gateways(); gateway++) {
      String whose = " of gateway %d without Redis".formatted(gateway);
      atMost(
          broken, "requests in a window" + whose, mostRequestsAlone(gateway), withTolerance(share));
      if (requestsAlone(gateway) < share) {
        broken.add(
            "requests%s: %d of a share of %d".formatted(whose, requestsAlone(gateway), share));
      }
    }
    if (mostRequests() < plan.requests() * 9 / 10) {
      broken.add("%d of %d requests were let through".formatted(mostRequests(), plan.requests()));
    }
    return broken;
  }

  /// Tokens that requests in flight may take beyond what they reserved: all of their own.
  private long overrun() {
    long largest = passed.stream().mapToLong(Passed::tokens).max().orElse(0);
    return mostInFlight * largest;
  }

  private static long withTolerance(long limit) {
    return limit * 102 / 100;
  }

  private static void atMost(List<String> broken, String what, long found, long allowed) {
    if (found > allowed) {
      broken.add("%s: %d, allowed %d".formatted(what, found, allowed));
    }
  }

  /// A window, less what a time that is taken in this process may be late.
  private Duration window() {
    return plan.shape().length().minus(Flood.LATE);
  }
}
