// Fetches the chart bundle once, when the first chart of a page appears.
const source = document.currentScript?.dataset.charts;
let loading;

// False when it did not come: the page was left meanwhile, or the line is cut. The next chart asks again.
function load() {
  loading ??= new Promise((done) => {
    const script = document.createElement("script");
    const fail = () => {
      loading = undefined;
      script.remove();
      done(false);
    };
    Object.assign(script, { src: source, onload: () => done(true), onerror: fail });
    document.head.append(script);
  });
  return loading;
}

export async function drawChartsOn(root) {
  const charts = [...(root.querySelectorAll?.(".chart[data-option]") ?? [])];
  if (root.matches?.(".chart[data-option]")) charts.push(root);
  if (!charts.length) return;
  if (!(await load())) return;
  for (const chart of charts) window.voiceloopCharts.draw(chart);
}
