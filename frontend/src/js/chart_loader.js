// Fetches the chart bundle once, when the first chart of a page appears.
const source = document.currentScript?.dataset.charts;
let loading;

function load() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: source, onload: done, onerror: failed });
    document.head.append(script);
  });
  return loading;
}

export async function drawChartsOn(root) {
  const charts = [...(root.querySelectorAll?.(".chart[data-option]") ?? [])];
  if (root.matches?.(".chart[data-option]")) charts.push(root);
  if (!charts.length) return;
  await load();
  for (const chart of charts) window.voiceloopCharts.draw(chart);
}
