package dev.fairlead.dataplane.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Requests in the order in which they are served: those of a higher priority first, and within one
/// priority as they came. The order is strict. A lower priority gets what higher ones leave, and
/// while they fill every slot it gets nothing until its own deadline: aging would let a batch job
/// delay a chat. What bounds a tenant is its concurrency, not its place in the line.
///
/// Guarded by the lock of its {@link VersionQueue}.
final class WaitingLine implements Iterable<Waiter> {
  private final TreeMap<Integer, Deque<Waiter>> byPriority =
      new TreeMap<>(Comparator.reverseOrder());
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// `first` puts it before all others of its priority.
  void add(Waiter waiter, boolean first) {
    Deque<Waiter> equals = byPriority.computeIfAbsent(waiter.priority(), _ -> new ArrayDeque<>());
    if (first) {
      equals.addFirst(waiter);
    } else {
      equals.addLast(waiter);
    }
    size++;
  }

  /// In the order of service; whom it has returned it can take out of the line.
  @Override
  public Iterator<Waiter> iterator() {
    Iterator<Deque<Waiter>> priorities = byPriority.values().iterator();
    return new Iterator<>() {
      private Deque<Waiter> equals = new ArrayDeque<>();
      private Iterator<Waiter> inside = equals.iterator();

      @Override
      public boolean hasNext() {
        return inside.hasNext() || priorities.hasNext();
      }

      @Override
      public Waiter next() {
        if (!inside.hasNext()) {
          equals = priorities.next();
          inside = equals.iterator();
        }
        return inside.next();
      }

      @Override
      public void remove() {
        inside.remove();
        size--;
        if (equals.isEmpty()) {
          priorities.remove();
        }
      }
    };
  }

  boolean remove(Waiter waiter) {
    Deque<Waiter> equals = byPriority.get(waiter.priority());
    if (equals == null || !equals.remove(waiter)) {
      return false;
    }
    removed(waiter.priority(), equals);
    return true;
  }

  /// Takes out the one that would be served last, if its priority is lower than that.
  Optional<Waiter> removeLastBelow(int priority) {
    if (isEmpty() || byPriority.lastKey() >= priority) {
      return Optional.empty();
    }
    Map.Entry<Integer, Deque<Waiter>> lowest = byPriority.lastEntry();
    Waiter last = lowest.getValue().removeLast();
    removed(lowest.getKey(), lowest.getValue());
    return Optional.of(last);
  }

  /// How many are served before this one; -1 when it does not wait.
  int ahead(Waiter waiter) {
    int position = 0;
    for (Map.Entry<Integer, Deque<Waiter>> equals : byPriority.entrySet()) {
      if (equals.getKey() != waiter.priority()) {
        position += equals.getValue().size();
        continue;
      }
      for (Waiter other : equals.getValue()) {
        if (other.equals(waiter)) {
          return position;
        }
        position++;
      }
      return -1;
    }
    return -1;
  }

  List<Waiter> all() {
    List<Waiter> all = new ArrayList<>(size);
    byPriority.values().forEach(all::addAll);
    return all;
  }

  /// Everyone in order, and nobody is left.
  List<Waiter> removeAll() {
    List<Waiter> all = all();
    byPriority.clear();
    size = 0;
    return all;
  }

  private void removed(int priority, Deque<Waiter> equals) {
    size--;
    if (equals.isEmpty()) {
      byPriority.remove(priority);
    }
  }
}
