// Draws the ECharts options that pages carry as JSON.
import { BarChart, BoxplotChart, FunnelChart, GaugeChart, HeatmapChart, LineChart, RadarChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  DataZoomComponent,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  RadarComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { init, use, getInstanceByDom } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { formatter } from "./js/formats.js";

use([BarChart, BoxplotChart, FunnelChart, GaugeChart, HeatmapChart, LineChart, RadarChart, SankeyChart, ScatterChart]);
use([AriaComponent, DatasetComponent, DataZoomComponent, GraphicComponent, GridComponent, LegendComponent]);
use([MarkAreaComponent, MarkLineComponent, MarkPointComponent, RadarComponent, TitleComponent, TooltipComponent]);
use([VisualMapComponent, LabelLayout, CanvasRenderer]);

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

// Text sizes, split lines and tooltips of the house, for options that do not say otherwise.
function theme() {
  const axis = {
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "#d5dae1" } },
    axisLabel: { fontSize: 11, color: "#667085" },
    splitLine: { lineStyle: { color: "#eef0f3" } },
  };
  return {
    color: ["--tblr-primary", "--nps-promoter", "--nps-detractor", "--nps-passive"].map(css),
    textStyle: { fontFamily: css("--tblr-font-sans-serif"), color: "#475467" },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    tooltip: {
      backgroundColor: "#fff",
      borderColor: "#e4e7ec",
      textStyle: { color: "#1c2536", fontSize: 12 },
      confine: true,
    },
  };
}

// JSON cannot carry functions or computed colours: {"$fmt": name} and {"$css": property} stand for them.
function revive(node) {
  if (Array.isArray(node)) return node.map(revive);
  if (node === null || typeof node !== "object") return node;
  if (node.$fmt) return formatter(node.$fmt);
  if (node.$css) return css(node.$css);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, revive(value)]));
}

const watcher = new ResizeObserver((entries) => {
  for (const entry of entries) getInstanceByDom(entry.target)?.resize();
});

function draw(holder) {
  const text = document.getElementById(holder.dataset.option)?.textContent;
  if (!text) return;
  getInstanceByDom(holder)?.dispose();
  const chart = init(holder, theme(), { renderer: "canvas" });
  chart.setOption({ animation: !isStill && holder.dataset.still === undefined, animationDuration: 300, ...revive(JSON.parse(text)) });
  chart.on("click", (item) => {
    const url = item.data?.url;
    if (url?.startsWith("/") && !url.startsWith("//")) location.assign(url);
  });
  watcher.observe(holder);
  holder.dataset.drawn = "";
}

window.voiceloopCharts = { draw };
