const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat("en", { maximumFractionDigits: 2, minimumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });

const NOTHING = "–";

export function bytes(value) {
  if (value == null) return NOTHING;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let scaled = value;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${unit > 0 && scaled < 10 ? decimal.format(scaled) : whole.format(scaled)} ${units[unit]}`;
}

/** 134515008 → "135 M", as models are named. */
export function parameters(value) {
  if (value >= 1e9) return `${decimal.format(value / 1e9)} B`;
  if (value >= 1e6) return `${whole.format(value / 1e6)} M`;
  return whole.format(value);
}

/** 8192 → "8k", 131072 → "128k". */
export function contextLength(value) {
  return value >= 1024 ? `${whole.format(value / 1024)}k` : whole.format(value);
}

export function rate(value) {
  if (value == null) return NOTHING;
  return value >= 100 ? whole.format(value) : decimal.format(value);
}

export function millis(value) {
  if (value == null) return NOTHING;
  if (value < 1000) return `${whole.format(value)} ms`;
  return `${(value < 10_000 ? hundredths : decimal).format(value / 1000)} s`;
}

export function count(value) {
  return value == null ? NOTHING : whole.format(value);
}

export function percent(part, total) {
  return total > 0 ? `${Math.floor((100 * part) / total)} %` : NOTHING;
}

export const exactTime = (epochMillis) => exact.format(epochMillis);

export function relativeTime(epochMillis, now) {
  const seconds = Math.max(0, Math.round((now - epochMillis) / 1000));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds - (seconds % 5)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return day.format(epochMillis);
}
