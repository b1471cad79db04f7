package dev.fairlead.lab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The rivals that are installed here, started. Confined to one thread.
final class Rivals implements AutoCloseable {
  private final List<ProxyProcess> started = new ArrayList<>();

  private Rivals() {}

  static Rivals start(List<Proxy> proxies, Cores cores, Path folder, int upstream)
      throws IOException {
    Rivals rivals = new Rivals();
    try {
      for (Proxy proxy : proxies) {
        ProxyProcess.start(proxy, cores, folder, upstream).ifPresent(rivals.started::add);
      }
      return rivals;
    } catch (IOException | RuntimeException | Error e) {
      rivals.close();
      throw e;
    }
  }

  /// The turns: the upstream directly, the rivals, ours.
  List<Contender> with(int upstream, List<Contender> ours) {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(new Contender(Contender.DIRECT, upstream, List.of()));
    started.forEach(rival -> contenders.add(rival.contender()));
    contenders.addAll(ours);
    return contenders;
  }

  @Override
  public void close() {
    started.forEach(ProxyProcess::close);
  }
}
