// Numbers as people read them; an option names a formatter as {"$fmt": "nps"}.
const language = document.documentElement.lang || "en";
const isChinese = language.startsWith("zh");

const plain = (digits, value) =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const minus = (text) => text.replace("-", "\u2212");
const unit = (zh, en) => (isChinese ? ` ${zh}` : ` ${en}`);

const FORMATS = {
  nps: (value) => (value > 0 ? "+" : "") + plain(Math.abs(value % 1) < 0.05 ? 0 : 1, value),
  signed: (value) => (value > 0 ? "+" : "") + plain(1, value),
  score: (value) => plain(2, value),
  pct: (value) => `${plain(1, value)}%`,
  count: (value) => plain(0, value),
  minutes: (value) => plain(1, value) + unit("分钟", "min"),
  hours: (value) => plain(1, value) + unit("小时", "h"),
  days: (value) => plain(1, value) + unit("天", "days"),
  money: (value) => `¥${plain(0, value)}`,
  rate: (value) => `${plain(1, value)}\u2030`,
  seconds: (value) => span(value),
};

const UNITS = [
  [86400, "天", "d"],
  [3600, "小时", "h"],
  [60, "分钟", "min"],
  [1, "秒", "s"],
];

// The two largest units, as the page's own figures say it.
function span(seconds) {
  let left = Math.trunc(Math.abs(seconds));
  const parts = [];
  for (const [size, zh, en] of UNITS) {
    const count = Math.trunc(left / size);
    left -= count * size;
    if (count) parts.push(plain(0, count) + unit(zh, en));
  }
  return (seconds < 0 ? "-" : "") + (parts.slice(0, 2).join(" ") || `0${unit("秒", "s")}`);
}

export function formatted(name, value) {
  const number = Number(value);
  if (value === null || value === undefined || value === "" || Number.isNaN(number)) return "—";
  return minus((FORMATS[name] ?? FORMATS.score)(number));
}

const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function tip(params) {
  const lines = [params].flat().map((one) => one.data?.tip).find(Boolean) ?? [];
  return [lines].flat().map(escaped).join("<br>");
}

// ECharts calls the same function with a bare value (axes) or with the item's parameters (labels).
export function formatter(name) {
  if (name === "tip") return tip;
  return (given) => formatted(name, given !== null && typeof given === "object" ? measured(given) : given);
}

function measured(params) {
  return Array.isArray(params.value) ? params.value.at(-1) : params.value;
}
