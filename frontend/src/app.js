// What every page can do; charts are fetched only by pages that have one.
import "./js/htmx.js";
import "./js/dialogs.js";
import "./js/keys.js";
import "./js/toasts.js";
import "./js/tabs.js";
import "./js/controls.js";
import "./js/ordering.js";
import "./js/quotes.js";
import "./js/bar.js";
import "./js/boxes.js";
import "./js/presence.js";
import "./js/talk.js";
import "./js/live.js";
import "./js/bell.js";
import "./js/inserts.js";
import { drawChartsOn } from "./js/chart_loader.js";

drawChartsOn(document);
document.addEventListener("htmx:load", (event) => drawChartsOn(event.detail.elt));
